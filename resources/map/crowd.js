/* Marks of one kind that cover each other become a group with their number. */
"use strict";
var Dispatch = window.Dispatch || {};

Dispatch.CELL = 72; // edge of a group's cell
Dispatch.CROWD = [26, 20, 12]; // so many in one cell cover each other, by size: they become a group …
Dispatch.LOOSE = [20, 15, 9]; // … and stay one until so few are left, lest it flickers
Dispatch.FEW = 300; // technicians in view to keep off from; among more there is no room anyway
Dispatch.GROUPED = true; // the benchmark draws every mark by itself

Dispatch.Crowd = class {
  constructor(of) {
    this.of = of;
    this.cells = new Set(); // those that are groups now
    this.scale = 0;
    this.stranger = of === "order" ? "?" : Dispatch.STATES[0];
  }

  /* The groups of these marks; they keep off those there are already. Cells are fixed on the ground, not on the
     screen: panning never regroups. */
  gather(marks, view, others, size) {
    const [crowd, loose] = [Dispatch.CROWD[size], Dispatch.LOOSE[size]];
    const columns = Math.ceil(view.width / Dispatch.CELL) + 3;
    const rows = Math.ceil(view.height / Dispatch.CELL) + 3;
    const first_x = Math.floor(view.left / Dispatch.CELL) - 1;
    const first_y = Math.floor(view.top / Dispatch.CELL) - 1;
    const counts = new Uint16Array(columns * rows);
    if (view.scale !== this.scale) this.cells.clear();
    this.scale = view.scale;
    const mine = marks.filter((mark) => mark.kind === this.of);
    for (const mark of mine) {
      mark.cell = (Math.floor((mark.px + view.left) / Dispatch.CELL) - first_x)
        + columns * (Math.floor((mark.py + view.top) / Dispatch.CELL) - first_y);
      counts[mark.cell] += 1;
    }
    const groups = new Map();
    const cells = new Set();
    for (const mark of mine) {
      if (counts[mark.cell] < loose) continue;
      const key = (mark.cell % columns) + first_x + "," + (Math.floor(mark.cell / columns) + first_y);
      if (counts[mark.cell] < (this.cells.has(key) ? loose : crowd)) continue;
      cells.add(key);
      let group = groups.get(mark.cell);
      if (!group) groups.set(mark.cell, (group = { of: this.of, px: 0, py: 0, count: 0, loud: 0, shares: {}, members: [] }));
      group.px += mark.px;
      group.py += mark.py;
      group.count += 1;
      group.loud += mark.urgency === "emergency" ? 1 : 0;
      group.shares[mark.status] = (group.shares[mark.status] || 0) + 1;
      group.members.push(mark);
      mark.group = group;
    }
    this.cells = cells;
    const people = marks.filter((mark) => mark.kind === "technician");
    const singles = this.of === "order" && size > 0 && people.length < Dispatch.FEW ? people : [];
    for (const group of groups.values()) {
      group.px /= group.count;
      group.py /= group.count;
      this.part(group, [...others, ...singles]);
      others = [...others, group];
    }
    return [...groups.values()];
  }

  /* Aside of whatever would hide it or be hidden by it, where there is room. */
  part(group, others) {
    const { px, py } = group;
    const free = ([x, y]) => others.every((other) => Math.hypot(other.px - px - x, other.py - py - y) > (other.count ? 44 : 26));
    const [x, y] = [[0, 0], [0, 30], [0, -30], [38, 0], [-38, 0], [32, 32], [-32, 32], [44, 0]].find(free) || [0, 0];
    group.px += x;
    group.py += y;
  }
};
