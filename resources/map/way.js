/* One technician's day: the way from stop to stop below the marks, their numbers and hours above them. */
"use strict";
var Dispatch = window.Dispatch || {};

Dispatch.Way = class {
  constructor(map) {
    this.map = map;
    this.legs = [];
    this.stops = [];
    this.look = null;
    this.below = new Dispatch.Surface(map, 455, (ink, view) => this.draw(ink, view));
    this.above = new Dispatch.Surface(map, 462, (ink, view) => this.number(ink, view));
    this.show({ legs: [], stops: [] });
    map.on("move zoom viewreset resize", () => this.ask());
  }

  ask() {
    this.below.ask();
    this.above.ask();
  }

  dress(look) {
    this.look = look;
    this.ask();
  }

  show({ legs, stops }) {
    this.legs = legs.map(({ line, road, past }) => ({ road, past, line: line.map(([lon, lat]) => Dispatch.world(lon, lat)) }));
    this.stops = stops.map((stop) => ({ ...stop, ...Dispatch.world(...stop.at) }));
    for (const surface of [this.below, this.above]) surface.use(stops.length > 0);
  }

  /* Where the streets are known the way follows them; a straight line is dashed, since nobody drives along it. */
  draw(ink, view) {
    ink.setTransform(view.ratio, 0, 0, view.ratio, 0, 0);
    ink.clearRect(0, 0, view.width, view.height);
    if (!this.look) return;
    ink.lineJoin = ink.lineCap = "round";
    for (const { line, road, past } of this.legs) {
      ink.beginPath();
      line.forEach(({ x, y }, i) => {
        const place = [x * view.scale - view.left, y * view.scale - view.top];
        if (i) ink.lineTo(...place);
        else ink.moveTo(...place);
      });
      ink.setLineDash(road ? [] : [6, 6]);
      ink.strokeStyle = this.look.halo;
      ink.lineWidth = 6;
      if (road) ink.stroke();
      ink.strokeStyle = past ? this.look.muted : this.look.accent;
      ink.lineWidth = past ? 2 : 3;
      ink.stroke();
    }
    ink.setLineDash([]);
  }

  number(ink, view) {
    ink.setTransform(view.ratio, 0, 0, view.ratio, 0, 0);
    ink.clearRect(0, 0, view.width, view.height);
    if (!this.look) return;
    const stacked = new Map(); // several visits to one place: "1, 3"
    for (const stop of this.stops) {
      const at = `${Math.round(stop.x * view.scale - view.left)},${Math.round(stop.y * view.scale - view.top)}`;
      stacked.set(at, [...(stacked.get(at) || []), stop]);
    }
    ink.textAlign = "center";
    ink.textBaseline = "middle";
    ink.lineJoin = "round";
    const taken = [];
    const hours = [];
    for (const [at, stops] of stacked) {
      const [x, y] = at.split(",").map(Number);
      const said = stops.map((stop) => stop.n).join(", ");
      const open = stops.some((stop) => stop.state !== "done");
      const firm = stops.some((stop) => stop.state !== "tentative");
      ink.font = `600 11px ${this.look.font}`;
      const half = Math.max(8, ink.measureText(said).width / 2 + 4);
      ink.beginPath();
      ink.roundRect(x - half, y - 31, 2 * half, 16, 8);
      const colour = open ? this.look.accent : this.look.muted;
      ink.fillStyle = firm ? colour : this.look.surface;
      ink.fill();
      ink.strokeStyle = colour;
      ink.lineWidth = 1.5;
      ink.setLineDash(firm ? [] : [3, 2]);
      ink.stroke();
      ink.setLineDash([]);
      ink.fillStyle = firm ? this.look.on_mark : colour;
      ink.fillText(said, x, y - 22.5);
      taken.push({ left: x - half, right: x + half, top: y - 31, bottom: y - 15 });
      hours.push([stops[0].clock, x + half + 3, y - 22.5]);
    }
    for (const [said, x, y] of hours) this.hour(ink, said, x, y, taken);
  }

  /* The hour beside the number, where it covers no other hour or number. */
  hour(ink, said, x, y, taken) {
    ink.font = `500 11px ${this.look.font}`;
    const box = { left: x, right: x + ink.measureText(said).width, top: y - 7, bottom: y + 7 };
    if (taken.some((t) => box.right > t.left && box.left < t.right && box.bottom > t.top && box.top < t.bottom)) return;
    taken.push(box);
    ink.textAlign = "left";
    ink.strokeStyle = this.look.halo;
    ink.lineWidth = 3;
    ink.strokeText(said, x, y);
    ink.fillStyle = this.look.text;
    ink.fillText(said, x, y);
    ink.textAlign = "center";
  }
};
