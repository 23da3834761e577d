/* Which mark lies where on the screen. */
"use strict";
var Dispatch = window.Dispatch || {};

Object.assign(Dispatch.Marks.prototype, {
  /* Whether any mark lies in a box of the screen. */
  within(left, top, right, bottom, view) {
    for (const marks of [this.technicians, this.orders]) for (const mark of marks.values()) {
      const x = mark.x * view.scale - view.left;
      const y = mark.y * view.scale - view.top;
      if (x > left - 10 && x < right + 10 && y > top - 10 && y < bottom + 10) return true;
    }
    return false;
  },

  /* The mark or group at a point of the screen, the topmost first; null on bare ground. */
  hit(x, y) {
    if (!this.view) return null;
    if (!this.index) {
      this.index = new Map();
      for (const mark of this.shown) {
        if (mark.group) continue;
        const key = (mark.px >> 5) + ((mark.py >> 5) << 12);
        if (!this.index.has(key)) this.index.set(key, []);
        this.index.get(key).push(mark);
      }
    }
    const chosen = this.selected && this.find(this.selected.kind, this.selected.id); // drawn above all others
    if (chosen && Math.hypot(chosen.x * this.view.scale - this.view.left - x, chosen.y * this.view.scale - this.view.top - y) <= Dispatch.SIZES[this.size] / 2 + 2) return chosen;
    let best = null;
    let near = Dispatch.SIZES[this.size] / 2 + 4;
    for (let row = -1; row <= 1; row += 1) for (let column = -1; column <= 1; column += 1) {
      for (const mark of this.index.get((x >> 5) + column + (((y >> 5) + row) << 12)) || []) {
        const distance = Math.hypot(mark.px - x, mark.py - y);
        if (distance <= near) { near = distance; best = mark; }
      }
    }
    if (this.size && best && best.kind === "technician") return best; // he lies above the groups
    const group = this.groups.find((g) => Math.hypot(g.px - x, g.py - y) <= g.sprite.width / 2);
    return group ? { ...group, kind: "group" } : best;
  },

  /* The technician nearest to a point of the screen, whoever lies above him; a drop need not be exact. */
  technician_at(x, y, near = 24) {
    let best = null;
    for (const mark of this.shown) {
      if (mark.kind !== "technician" || mark.group) continue;
      const distance = Math.hypot(mark.px - x, mark.py - y);
      if (distance <= near) { near = distance; best = mark; }
    }
    return best;
  },
});
