/* Technicians and orders on two canvases: what rests is drawn when something changed, what glides in every frame.
   Copying a picture costs some microseconds; of 5,000 marks that report every 5 s only a fifth glides at a time. */
"use strict";
var Dispatch = window.Dispatch || {};

Dispatch.STATES = ["offline", "busy", "online"]; // also the order of painting: who can be sent lies on top
Dispatch.DIM = 0.16; // how much is left of what is not looked at
Dispatch.GLIDE_MS = 1000; // from one position to the next
Dispatch.FRAME_MS = 24; // gliding needs no more than every second frame of a 60 Hz screen: each one costs the
                        // application's own thread some 18 ms where there is no graphics card
Dispatch.BUCKET = 32; // edge of a cell of the index for hits

Dispatch.Marks = class {
  constructor(map) {
    this.map = map;
    this.technicians = new Map();
    this.orders = new Map();
    this.moving = new Set();
    this.selected = null;
    this.sprites = null;
    this.size = 2;
    this.dress_no = 0;
    this.crowds = { technician: new Dispatch.Crowd("technician"), order: new Dispatch.Crowd("order") };
    this.groups = [];
    this.focus = null; // what stays bright while everything else is dimmed: "order id", "technician id"
    this.target = null; // the technician on whom a dragged order would be dropped
    this.sorted = null;
    this.changed = true;
    this.drawn = 0;
    this.shown = []; // in view
    this.lively = []; // of those, drawn in every frame
    this.frames = []; // when the last ones were drawn; read by the benchmark
    this.resting = new Dispatch.Surface(map, 460, (ink, view) => this.draw_resting(ink, view));
    this.gliding = new Dispatch.Surface(map, 461, (ink, view, now) => this.draw_gliding(ink, view, now));
    map.on("move zoom viewreset resize", () => this.ask());
    setInterval(() => this.grow_old(), 10000);
  }

  dress(look) {
    this.look = look;
    this.sprites = new Dispatch.Sprites(look, window.devicePixelRatio || 1);
    this.dress_no += 1;
    this.ask();
  }

  clear() {
    this.technicians.clear();
    this.orders.clear();
    this.moving.clear();
    this.sorted = null;
  }

  put_technician([id, name, status, skills, lon, lat, at, accuracy, lines]) {
    let mark = this.technicians.get(id);
    if (!mark) {
      mark = { kind: "technician", id, x: NaN, y: NaN, from_x: 0, from_y: 0, to_x: NaN, to_y: NaN, since: 0, at: null, age: 0, sprite: null, dress_no: -1 };
      this.technicians.set(id, mark);
    }
    Object.assign(mark, { name, status, skills, lines: lines || [], dress_no: -1 });
    this.sorted = null;
    this.move_technician([id, lon, lat, at, accuracy]);
  }

  move_technician([id, lon, lat, at, accuracy]) {
    const mark = this.technicians.get(id);
    if (!mark) return;
    if (lon === null) return this.ask();
    const to = Dispatch.world(lon, lat);
    mark.at = at;
    mark.accuracy = accuracy || 0;
    this.age(mark);
    // Nothing glides where nobody looks, nor across half a city.
    const glides = !document.hidden && Math.hypot(to.x - mark.x, to.y - mark.y) * 2 ** this.map.getZoom() < 400;
    Object.assign(mark, { from_x: mark.x, from_y: mark.y, to_x: to.x, to_y: to.y, since: performance.now() });
    if (glides) this.moving.add(mark);
    else Object.assign(mark, { x: to.x, y: to.y });
    this.ask();
  }

  put_order([id, number, status, urgency, lon, lat, approximate, lines]) {
    const { x, y } = Dispatch.world(lon, lat);
    this.orders.set(id, { kind: "order", id, name: number, status, urgency, approximate, lines, x, y, sprite: null, dress_no: -1 });
    this.sorted = null;
    this.ask();
  }

  remove(kind, id) {
    const marks = kind === "order" ? this.orders : this.technicians;
    this.moving.delete(marks.get(id));
    marks.delete(id);
    this.sorted = null;
    this.ask();
  }

  find(kind, id) {
    return (kind === "order" ? this.orders : this.technicians).get(id);
  }

  select(kind, id) {
    this.selected = id ? { kind, id } : null;
    this.ask();
  }

  /* Dim everything but these ("order id", "technician id"); null shows all alike. */
  look_at(keys) {
    this.focus = keys && new Set(keys);
    this.ask();
  }

  dims(mark) {
    return this.focus !== null && !this.focus.has(`${mark.kind} ${mark.id}`);
  }

  aim(id) {
    if (id === this.target) return;
    this.target = id;
    this.ask();
  }

  now() {
    return Date.now() + (this.clock_ms || 0);
  }

  age(mark) {
    const ms = this.now() - mark.at;
    const age = ms > this.look.stale_ms ? 2 : ms > this.look.stale_ms / 4 ? 1 : 0;
    if (age !== mark.age) {
      mark.age = age;
      mark.dress_no = -1;
      return true;
    }
    return false;
  }

  grow_old() {
    let changed = false;
    for (const mark of this.technicians.values()) if (mark.at !== null && this.age(mark)) changed = true;
    if (changed) this.ask();
  }

  /* Something is different: draw what rests as well in the next frame. */
  ask() {
    this.changed = true;
    this.gliding.ask();
  }

  /* Returns whether any mark is now seen at another pixel. */
  glide(now, { scale, ratio }) {
    const pixels = scale * ratio;
    let stepped = false;
    for (const mark of this.moving) {
      const share = Math.min(1, Math.max(0, (now - mark.since) / Dispatch.GLIDE_MS));
      const x = mark.from_x + (mark.to_x - mark.from_x) * share;
      const y = mark.from_y + (mark.to_y - mark.from_y) * share;
      if (Math.round(x * pixels) !== Math.round(mark.x * pixels) || Math.round(y * pixels) !== Math.round(mark.y * pixels)) stepped = true;
      mark.x = x;
      mark.y = y;
      if (share === 1) this.moving.delete(mark);
    }
    return stepped;
  }

  order_of_painting() {
    if (!this.sorted) {
      const rank = (mark) => Dispatch.STATES.indexOf(mark.status);
      const loud = (mark) => (this.look.urgency[mark.urgency]?.shout ? 1 : 0);
      this.sorted = [
        ...[...this.orders.values()].sort((a, b) => loud(a) - loud(b)),
        ...[...this.technicians.values()].sort((a, b) => rank(a) - rank(b)),
      ];
    }
    return this.sorted;
  }

  draw_gliding(ink, view, now) {
    if (!this.sprites) return;
    if (view.ratio !== this.sprites.ratio) this.dress(this.look);
    if (this.moving.size) this.gliding.ask();
    if (!this.changed && now - this.drawn < Dispatch.FRAME_MS) return;
    this.drawn = now;
    const stepped = this.glide(now, view);
    if (!stepped && !this.changed) return;
    this.index = null;
    if (this.changed) this.resting.frame(now);
    ink.setTransform(1, 0, 0, 1, 0, 0);
    ink.clearRect(0, 0, this.gliding.canvas.width, this.gliding.canvas.height);
    for (const mark of this.lively) {
      mark.px = mark.x * view.scale - view.left;
      mark.py = mark.y * view.scale - view.top;
      this.paint(ink, mark);
    }
    if (this.focus) this.brighten(ink, view);
    if (this.size === 2) this.label(ink, this.focus ? this.lively.filter((mark) => !this.dims(mark)) : this.lively);
    this.ring(ink, view);
    this.frames.push(now);
    if (this.frames.length > 4000) this.frames.splice(0, 2000);
  }

  draw_resting(ink, view) {
    this.changed = false;
    this.view = view;
    const marks = (this.shown = this.visible(view));
    this.choose_size(marks.length);
    this.group(marks, view);
    // Names avoid all marks: where there are names, everything is drawn together.
    this.lively = marks.filter((mark) => !mark.group && (this.size === 2 || this.moving.has(mark)));
    const lively = new Set(this.lively);
    ink.setTransform(1, 0, 0, 1, 0, 0);
    ink.clearRect(0, 0, this.resting.canvas.width, this.resting.canvas.height);
    // Technicians lie above orders; among dots a group's number would not be read below them.
    const tags = () => {
      if (this.focus) ink.globalAlpha = Dispatch.DIM;
      for (const group of this.groups) this.copy(ink, group.sprite, group.px, group.py);
      ink.globalAlpha = 1;
    };
    for (const kind of ["order", "technician"]) {
      for (const mark of marks) if (mark.kind === kind && !mark.group && !lively.has(mark)) this.paint(ink, mark);
      if ((kind === "order") === (this.size > 0)) tags();
    }
  }

  visible(view) {
    const { left, top, scale } = view;
    const right = view.width + 16;
    const bottom = view.height + 16;
    const marks = [];
    for (const mark of this.order_of_painting()) {
      const px = mark.x * scale - left;
      const py = mark.y * scale - top;
      if (px > -16 && px < right && py > -16 && py < bottom) {
        mark.px = px;
        mark.py = py;
        marks.push(mark);
      }
    }
    return marks;
  }

  choose_size(count) {
    const limits = [900, 160]; // more than so many in view: one size smaller; back only when a fifth fewer
    const slack = (size) => (this.size <= size ? 0.8 : 1);
    const size = count > limits[0] * slack(0) ? 0 : count > limits[1] * slack(1) ? 1 : 2;
    if (size !== this.size) {
      this.size = size;
      this.dress_no += 1;
    }
  }

  group(marks, view) {
    for (const mark of marks) mark.group = null;
    this.groups = [];
    if (!Dispatch.GROUPED) return;
    for (const crowd of [this.crowds.order, this.crowds.technician]) {
      this.groups.push(...crowd.gather(marks, view, this.groups, this.size));
    }
    for (const group of this.groups) {
      group.sprite = group.of === "order" ? this.sprites.batch(group.count, group.shares, group.loud)
        : this.sprites.group(group.count, group.shares);
    }
  }

  picture(mark) {
    if (mark.dress_no !== this.dress_no) {
      mark.dress_no = this.dress_no;
      mark.sprite = mark.kind === "order" ? this.sprites.order(mark, this.size) : this.sprites.technician(mark, mark.age, this.size);
    }
    return mark.sprite;
  }

  paint(ink, mark) {
    if (this.focus !== null && this.dims(mark)) ink.globalAlpha = Dispatch.DIM;
    this.copy(ink, this.picture(mark), mark.px, mark.py);
    ink.globalAlpha = 1;
  }

  /* What is looked at stands out of its group and above the others. */
  brighten(ink, view) {
    for (const key of this.focus) {
      const mark = this.find(...key.split(" "));
      if (mark && !Number.isNaN(mark.x)) this.copy(ink, this.picture(mark), mark.x * view.scale - view.left, mark.y * view.scale - view.top);
    }
  }

  copy(ink, sprite, px, py) {
    const ratio = this.view.ratio;
    ink.drawImage(sprite.image, Math.round(px * ratio) - sprite.left, Math.round(py * ratio) - sprite.top);
  }

  /* Names below their marks, as many as have room: none covers another name or a mark. */
  label(ink, marks) {
    const taken = [];
    const free = (box) => taken.every((t) => box.right < t.left || box.left > t.right || box.bottom < t.top || box.top > t.bottom);
    for (const { px, py, sprite } of marks) taken.push({ left: px - sprite.width / 2 + 2, right: px + sprite.width / 2 - 2, top: py - sprite.height / 2 + 2, bottom: py + sprite.height / 2 - 2 });
    for (let i = marks.length - 1; i >= 0; i -= 1) {
      const { px, py, sprite, name } = marks[i];
      const label = this.sprites.label(name);
      const y = py + sprite.height / 2 + 10;
      const box = { left: px - label.width / 2, right: px + label.width / 2, top: y - 7, bottom: y + 7 };
      if (!free(box)) continue;
      taken.push(box);
      this.copy(ink, label, px, y);
    }
  }

  ring(ink, view) {
    const aimed = this.target && this.technicians.get(this.target);
    if (aimed) this.encircle(ink, view, aimed, this.look.accent, 5);
    const mark = this.selected && this.find(this.selected.kind, this.selected.id);
    if (!mark || Number.isNaN(mark.x)) return;
    if (mark.accuracy) this.doubt(ink, view, mark);
    this.encircle(ink, view, mark, this.look.accent, 2.5);
  }

  encircle(ink, view, mark, colour, width) {
    if (Number.isNaN(mark.x)) return;
    const px = mark.x * view.scale - view.left;
    const py = mark.y * view.scale - view.top;
    const picture = this.picture(mark);
    this.copy(ink, picture, px, py); // on top of all, and out of its group
    ink.setTransform(view.ratio, 0, 0, view.ratio, 0, 0);
    for (const [wide, stroke] of [[width + 2.5, this.look.halo], [width, colour]]) {
      ink.lineWidth = wide;
      ink.strokeStyle = stroke;
      ink.beginPath();
      ink.arc(Math.round(px), Math.round(py), Math.max(picture.width, 12) / 2 + 6, 0, 7);
      ink.stroke();
    }
    ink.setTransform(1, 0, 0, 1, 0, 0);
  }

  /* Within this circle he is, as his telephone says. */
  doubt(ink, view, mark) {
    const radius = mark.accuracy / Dispatch.metres(mark.y, view.scale);
    if (radius < 10) return;
    ink.setTransform(view.ratio, 0, 0, view.ratio, 0, 0);
    ink.beginPath();
    ink.arc(mark.x * view.scale - view.left, mark.y * view.scale - view.top, radius, 0, 7);
    ink.globalAlpha = 0.14;
    ink.fillStyle = this.look.accent;
    ink.fill();
    ink.globalAlpha = 0.7;
    ink.lineWidth = 1;
    ink.strokeStyle = this.look.accent;
    ink.stroke();
    ink.globalAlpha = 1;
    ink.setTransform(1, 0, 0, 1, 0, 0);
  }

  /* The corners of everything that has a place, as [[lat, lon], [lat, lon]]; null when there is nothing. */
  bounds() {
    let box = null;
    for (const marks of [this.technicians, this.orders]) for (const mark of marks.values()) {
      const x = mark.to_x ?? mark.x;
      const y = mark.to_y ?? mark.y;
      if (Number.isNaN(x)) continue;
      if (!box) box = { left: x, right: x, top: y, bottom: y };
      box.left = Math.min(box.left, x);
      box.right = Math.max(box.right, x);
      box.top = Math.min(box.top, y);
      box.bottom = Math.max(box.bottom, y);
    }
    const corner = (x, y) => this.map.unproject([x, y], 0);
    return box && L.latLngBounds(corner(box.left, box.bottom), corner(box.right, box.top));
  }
};
