/* Lines that a person lays on the map: a distance to measure, the outline of an area.
   Clicks add corners, corners can be dragged; Enter takes the centre of the view, Backspace the last one back. */
"use strict";
var Dispatch = window.Dispatch || {};

Dispatch.REACH = 9; // pixels within which a corner is meant

Dispatch.Sketch = class {
  constructor(map, changed) {
    this.map = map;
    this.changed = changed; // told after every change
    this.mode = ""; // "measure", "area" or none
    this.corners = []; // {lng, lat}
    this.fixed = []; // corners of others, to which a new one is drawn
    this.said = []; // what is written beside each corner
    this.held = -1; // the corner in the hand
    this.moved = false;
    this.look = null;
    this.surface = new Dispatch.Surface(map, 465, (ink, view) => this.draw(ink, view));
    this.surface.use(false);
    map.on("move zoom viewreset resize", () => this.surface.ask());
    map.on("mousedown", (event) => this.on_pressed(event));
    map.on("mousemove", (event) => this.on_moved(event));
    document.addEventListener("mouseup", () => this.on_released());
  }

  dress(look) {
    this.look = look;
    this.surface.ask();
  }

  begin(mode, corners, fixed) {
    this.mode = mode;
    this.corners = corners.map(([lng, lat]) => ({ lng, lat }));
    this.fixed = fixed.map(([lng, lat]) => ({ lng, lat }));
    this.said = [];
    this.held = -1;
    this.surface.use(Boolean(mode));
    if (mode) this.changed();
  }

  told() {
    return this.corners.map(({ lng, lat }) => [lng, lat]);
  }

  add(place, at = this.corners.length) {
    this.corners.splice(at, 0, this.drawn_to(place, at));
    this.change();
  }

  drop(at = this.corners.length - 1) {
    if (at < 0 || at >= this.corners.length) return;
    this.corners.splice(at, 1);
    this.change();
  }

  change() {
    this.surface.ask();
    this.changed();
  }

  /* A corner beside one of a neighbour is that one: borders shall meet. */
  drawn_to({ lng, lat }) {
    const here = this.map.latLngToContainerPoint([lat, lng]);
    const near = this.fixed.find((each) => here.distanceTo(this.map.latLngToContainerPoint([each.lat, each.lng])) <= Dispatch.REACH);
    return near ? { ...near } : { lng, lat };
  }

  seen({ lng, lat }) {
    return this.map.latLngToContainerPoint([lat, lng]);
  }

  corner_at(point) {
    return this.corners.findIndex((each) => this.seen(each).distanceTo(point) <= Dispatch.REACH);
  }

  /* Between which corners a side was meant: a click on it adds one there. */
  side_at(point) {
    if (this.mode !== "area" || this.corners.length < 3) return -1;
    return this.corners.findIndex((each, i) => {
      const a = this.seen(each);
      const b = this.seen(this.corners[(i + 1) % this.corners.length]);
      return L.LineUtil.pointToSegmentDistance(point, a, b) <= Dispatch.REACH - 2;
    });
  }

  on_pressed({ containerPoint, originalEvent }) {
    if (!this.mode || originalEvent.button) return;
    this.held = this.corner_at(containerPoint);
    this.moved = false;
    if (this.held >= 0) this.map.dragging.disable(); // the corner moves, not the map
  }

  on_moved({ latlng }) {
    if (this.held < 0) return;
    this.moved = true;
    this.corners[this.held] = this.drawn_to(latlng);
    this.surface.ask();
  }

  on_released() {
    if (this.held < 0) return;
    this.held = -1;
    this.map.dragging.enable();
    if (this.moved) this.changed();
  }

  /* Returns whether the click was for us. */
  on_clicked({ containerPoint, latlng }) {
    if (!this.mode) return false;
    if (this.moved) this.moved = false; // the end of a drag
    else if (this.corner_at(containerPoint) < 0) {
      const side = this.side_at(containerPoint);
      this.add(latlng, side < 0 ? this.corners.length : side + 1);
    } else if (this.mode === "area" && this.corner_at(containerPoint) > 0) this.drop(this.corner_at(containerPoint));
    return true;
  }

  on_key(key) {
    if (!this.mode) return false;
    if (key === "Enter") this.add(this.map.getCenter());
    else if (key === "Backspace" || key === "Delete") this.drop();
    else return false;
    return true;
  }

  draw(ink, view) {
    ink.setTransform(view.ratio, 0, 0, view.ratio, 0, 0);
    ink.clearRect(0, 0, view.width, view.height);
    if (!this.look || !this.mode || !this.corners.length) return;
    const places = this.corners.map((each) => this.seen(each));
    ink.beginPath();
    places.forEach(({ x, y }, i) => (i ? ink.lineTo(x, y) : ink.moveTo(x, y)));
    if (this.mode === "area") {
      ink.closePath();
      ink.globalAlpha = 0.15;
      ink.fillStyle = this.look.accent;
      ink.fill();
      ink.globalAlpha = 1;
    }
    ink.lineJoin = "round";
    for (const [width, colour] of [[5, this.look.halo], [2.5, this.look.accent]]) {
      ink.lineWidth = width;
      ink.strokeStyle = colour;
      ink.stroke();
    }
    places.forEach(({ x, y }, i) => {
      ink.beginPath();
      ink.arc(x, y, i ? 5 : 6, 0, 7);
      ink.fillStyle = i ? this.look.surface : this.look.accent;
      ink.fill();
      ink.lineWidth = 2;
      ink.strokeStyle = this.look.accent;
      ink.stroke();
    });
    this.write(ink, places);
  }

  write(ink, places) {
    ink.font = `600 12px ${this.look.font}`;
    ink.textAlign = "left";
    ink.textBaseline = "middle";
    ink.lineJoin = "round";
    places.forEach(({ x, y }, i) => {
      if (!this.said[i]) return;
      ink.lineWidth = 4;
      ink.strokeStyle = this.look.halo;
      ink.strokeText(this.said[i], x + 10, y - 10);
      ink.fillStyle = this.look.text;
      ink.fillText(this.said[i], x + 10, y - 10);
    });
  }
};
