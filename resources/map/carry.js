/* An order's mark in the hand. The page only says that it was taken up: the application carries it from there on, to
   a technician here or to any other part of the desk, and tells where the pointer is meanwhile. */
"use strict";
var Dispatch = window.Dispatch || {};

Dispatch.Carry = class {
  constructor(map, marks, bridge) {
    this.map = map;
    this.marks = marks;
    this.bridge = bridge;
    this.from = null;
    this.over = null;
    map.on("mousedown", (event) => this.on_pressed(event));
    map.on("mousemove", (event) => this.on_moved(event));
    document.addEventListener("mouseup", () => this.release());
  }

  on_pressed({ containerPoint, originalEvent }) {
    const mark = originalEvent.button || this.idle?.() ? null : this.marks.hit(containerPoint.x, containerPoint.y);
    if (!mark || mark.kind !== "order") return;
    this.from = { id: mark.id, x: containerPoint.x, y: containerPoint.y };
    this.map.dragging.disable(); // the order moves, not the map
  }

  on_moved({ containerPoint }) {
    const from = this.from;
    if (!from || Math.hypot(containerPoint.x - from.x, containerPoint.y - from.y) < 6) return;
    this.release();
    this.bridge.on_dragged(from.id);
  }

  release() {
    if (!this.from) return;
    this.from = null;
    this.map.dragging.enable();
  }

  /* Where the application's hand is now, or that it has left. */
  hover(place) {
    const mark = place && this.marks.technician_at(place.x, place.y);
    const over = mark ? mark.id : "";
    this.marks.aim(over);
    if (over !== this.over) this.bridge.on_hovered(over);
    this.over = place ? over : null;
  }

  /* Where it has let go: on the technician who was shown as the target. */
  drop(place) {
    this.hover(place);
    const on = this.over || "";
    this.hover(null);
    this.bridge.on_dropped(on);
  }
};
