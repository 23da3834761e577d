/* The page's one conversation with the application: differences come in, what a person did goes out. */
"use strict";
var Dispatch = window.Dispatch || {};

Dispatch.start = (map, max_zoom) => {
  map.setMinZoom(3).setMaxZoom(max_zoom);
  const page = (Dispatch.page = new Dispatch.Page(map));
  new QWebChannel(qt.webChannelTransport, (channel) => page.connect(channel.objects.bridge));
};

Dispatch.Page = class {
  constructor(map) {
    this.map = map;
    this.ground = new Dispatch.Ground(map);
    this.marks = new Dispatch.Marks(map);
    this.ground.covered = (left, top, right, bottom, view) => this.marks.within(left, top, right, bottom, view);
    this.way = new Dispatch.Way(map);
    this.sketch = new Dispatch.Sketch(map, () => this.tell_sketch());
    this.pane = new Dispatch.Pane(map);
    this.following = ""; // the technician on whom the view stays
    this.held = false; // a person moved the view: it is his until he releases it
    this.ours = false;
    this.picking = false;
    this.pointer = null;
    map.on("movestart zoomstart", () => this.hold(!this.ours || this.held));
    map.on("dragstart", () => this.let_go());
    map.on("moveend", () => this.tell_view());
    map.on("resize", () => this.held || this.following || this.fit());
    map.on("click", (event) => this.on_clicked(event));
    map.on("dblclick", (event) => this.on_double_clicked(event));
    map.on("contextmenu", (event) => this.on_menu(event));
    map.on("mousemove", (event) => this.on_pointed(event.containerPoint));
    map.on("mouseout dragstart", () => this.on_pointed(null));
    this.pane.fit_button.addEventListener("click", () => {
      this.let_go();
      this.fit();
    });
    document.addEventListener("keydown", (event) => this.on_key(event));
    setInterval(() => this.refresh(), 1000);
  }

  connect(bridge) {
    this.bridge = bridge;
    this.carry = new Dispatch.Carry(this.map, this.marks, bridge);
    this.carry.idle = () => this.picking || this.sketch.mode;
    bridge.told.connect((text) => this.apply(JSON.parse(text)));
    bridge.on_ready();
  }

  apply(message) {
    if (message.now) this.marks.clock_ms = message.now - Date.now();
    if (message.look) this.dress(message.look);
    if (message.districts) this.ground.lay(message.districts);
    if (message.way) this.lead(message.way);
    if ("hover" in message) this.carry.hover(message.hover);
    if (message.drop) this.carry.drop(message.drop);
    if ("say" in message) this.pane.say(message.say, message.tone);
    if (message.sketch) this.begin_sketch(message.sketch);
    if (message.sketched) this.told_sketch(message.sketched);
    if ("focus" in message) this.marks.look_at(message.focus);
    if (message.full) this.marks.clear();
    const bare = !this.marks.orders.size; // the technicians came first: with the orders there is more to fit
    for (const [kind, id] of message.gone || []) this.marks.remove(kind, id);
    for (const row of message.t || []) this.marks.put_technician(row);
    for (const row of message.m || []) this.marks.move_technician(row);
    for (const row of message.o || []) this.marks.put_order(row);
    this.changed = true;
    if (message.full || message.look) this.refresh(); // the legend's height counts in what follows
    if (this.following) this.stay();
    else if (message.full) this.fit();
    else if (message.refit && bare && this.marks.orders.size && !this.held) this.fit();
    else if (message.refit) this.fit_if_free();
    if (message.fit) this.fit();
    if (message.view) this.restore(message.view);
    if (message.select) this.select(...message.select);
    if ("pick" in message) this.pick(message.pick);
    if ("follow" in message) this.follow(message.follow);
    this.bridge.on_applied(message.no);
  }

  dress(look) {
    this.pane.dress(look);
    this.ground.dress(look);
    this.marks.dress(look);
    this.way.dress(look);
    this.sketch.dress(look);
    this.pane.hold(this.held);
  }

  refresh() {
    if (this.changed && this.marks.look) {
      this.pane.count(this.marks);
      this.ground.ask(); // names give way to marks
    }
    this.changed = false;
    if (this.following) this.stay();
    if (this.pointer) this.on_pointed(this.pointer);
  }

  hold(held) {
    if (held === this.held) return;
    this.held = held;
    this.pane.hold(held);
    this.tell_view();
  }

  /* Move the view ourselves: this never counts as a person's doing. */
  move(act) {
    this.ours = true;
    act();
    this.ours = false;
  }

  fit() {
    this.hold(false);
    const bounds = this.marks.bounds();
    if (!bounds) return;
    const legend = this.pane.legend.offsetHeight;
    const afar = document.documentElement.classList.contains("afar"); // no buttons there, and no room to spare
    const sides = afar ? [[16, 16], [16, 16]] : [[64, 32], [48, legend + 36]];
    const room = { paddingTopLeft: sides[0], paddingBottomRight: sides[1], maxZoom: 15, animate: false };
    this.move(() => this.map.fitBounds(bounds, room));
  }

  fit_if_free() {
    const bounds = this.marks.bounds();
    if (this.held || !bounds) return;
    // Marks that came or went inside the view are no reason to move it, unless it has become far too wide.
    const seen = this.map.getBounds();
    const wide = this.map.getBoundsZoom(bounds.pad(0.1)) - this.map.getZoom() > 1;
    if (!seen.contains(bounds) || (wide && this.map.getZoom() < 15)) this.fit();
  }

  restore({ lon, lat, zoom, held }) {
    this.move(() => this.map.setView([lat, lon], zoom, { animate: false }));
    this.hold(held);
  }

  /* Keep one technician in the middle until the person lets him go. */
  follow(id) {
    this.following = id;
    this.pane.frame(Boolean(id));
    if (id) this.stay();
  }

  stay() {
    const mark = this.marks.find("technician", this.following);
    if (!mark || Number.isNaN(mark.x)) return;
    const place = this.map.unproject([mark.x, mark.y], 0);
    const off = this.map.latLngToContainerPoint(place).distanceTo(this.map.getSize().divideBy(2));
    if (off > 2) this.move(() => this.map.panTo(place, { animate: false }));
  }

  let_go() {
    if (!this.following) return;
    this.follow("");
    this.bridge.on_let_go();
  }

  lead(way) {
    this.way.show(way);
    this.pane.day(way, (order) => {
      this.marks.select("order", order);
      this.bridge.on_selected("order", order);
    });
  }

  begin_sketch({ mode, corners, fixed }) {
    this.sketch.begin(mode, corners || [], fixed || []);
    this.aim();
    if (mode && corners && corners.length) this.show_all(corners);
  }

  show_all(places) {
    const bounds = L.latLngBounds(places.map(([lng, lat]) => [lat, lng]));
    if (!this.map.getBounds().contains(bounds)) this.move(() => this.map.fitBounds(bounds, { padding: [48, 48], animate: false }));
  }

  tell_sketch() {
    this.bridge.on_sketched(JSON.stringify(this.sketch.told()));
  }

  told_sketch({ said }) {
    this.sketch.said = said;
    this.sketch.surface.ask();
  }

  select(kind, id) {
    this.marks.select(kind, id);
    const mark = id && this.marks.find(kind, id);
    if (!mark || this.held || this.following || Number.isNaN(mark.x)) return;
    const place = this.map.unproject([mark.x, mark.y], 0);
    if (!this.map.getBounds().contains(place)) this.move(() => this.map.panTo(place, { animate: false }));
  }

  pick(on) {
    this.picking = on;
    this.aim();
  }

  /* A place is wanted now, or no longer: the cross, the pointer and the keys. */
  aim() {
    const on = this.picking || Boolean(this.sketch.mode);
    this.pane.pick(on);
    this.on_pointed(null);
    if (on) this.map.getContainer().focus({ preventScroll: true });
  }

  on_clicked({ containerPoint, latlng }) {
    if (this.picking) return this.picked(latlng);
    if (this.sketch.on_clicked({ containerPoint, latlng })) return undefined;
    const mark = this.marks.hit(containerPoint.x, containerPoint.y);
    if (!mark) return undefined;
    if (mark.kind === "group") return this.open_group(mark, containerPoint);
    this.marks.select(mark.kind, mark.id);
    return this.bridge.on_selected(mark.kind, mark.id);
  }

  /* Nearer; where that would not part them, their list. */
  open_group({ members }, point) {
    const apart = Math.max(...members.map((mark) => Math.hypot(mark.px - members[0].px, mark.py - members[0].py)));
    const zoom = this.map.getZoom();
    if (apart * 2 ** (this.map.getMaxZoom() - zoom) > Dispatch.CELL / 2) return this.map.setZoomAround(point, zoom + 1);
    return this.bridge.on_gathered(JSON.stringify(members.map(({ kind, id }) => [kind, id])), point.x, point.y);
  }

  on_menu({ containerPoint: { x, y } }) {
    const mark = this.picking || this.sketch.mode ? null : this.marks.hit(x, y);
    if (mark && mark.kind === "group") return this.bridge.on_gathered(JSON.stringify(mark.members.map(({ kind, id }) => [kind, id])), x, y);
    if (!mark) return undefined;
    this.marks.select(mark.kind, mark.id);
    this.bridge.on_selected(mark.kind, mark.id);
    return this.bridge.on_menued(mark.kind, mark.id, x, y);
  }

  on_double_clicked({ containerPoint }) {
    const mark = this.picking || this.sketch.mode ? null : this.marks.hit(containerPoint.x, containerPoint.y);
    if (mark && mark.id) this.bridge.on_activated(mark.kind, mark.id);
  }

  on_pointed(point) {
    this.pointer = point;
    const mark = point && !this.picking && !this.sketch.mode ? this.marks.hit(point.x, point.y) : null;
    this.map.getContainer().classList.toggle("over", Boolean(mark));
    if (this.marks.look) this.pane.hover(mark, this.marks.now());
  }

  on_key(event) {
    if (event.isComposing) return;
    const chosen = this.marks.selected;
    if (event.key === "Enter" && this.picking) this.picked(this.map.getCenter());
    else if (event.key === "Escape" && this.picking) this.bridge.on_pick_cancelled();
    else if (event.key === "Enter" && event.ctrlKey && this.sketch.mode) this.bridge.on_drawn();
    else if (this.sketch.on_key(event.key)) this.changed = true;
    else if (event.key === "Escape" && (this.sketch.mode || this.following || this.marks.focus)) this.bridge.on_escaped();
    else if ((event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey)) && chosen) {
      const place = this.place(chosen.kind, chosen.id);
      if (place) this.bridge.on_menued(chosen.kind, chosen.id, place.x, place.y);
    } else if (event.key === "Enter" && chosen) this.bridge.on_activated(chosen.kind, chosen.id);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  picked({ lng, lat }) {
    this.pick(false);
    this.bridge.on_picked(lng, lat);
  }

  /* The application keeps it, and gives it back should this page have to be loaded anew. */
  tell_view() {
    const { lng, lat } = this.map.getCenter();
    if (this.bridge) this.bridge.on_moved(lng, lat, this.map.getZoom(), this.held);
  }

  /* Where a mark is seen, in CSS pixels; asked by tests. */
  place(kind, id) {
    const mark = this.marks.find(kind, id);
    if (!mark || Number.isNaN(mark.x)) return null;
    const { x, y } = this.map.latLngToContainerPoint(this.map.unproject([mark.x, mark.y], 0));
    return { x, y, age: mark.age ?? 0, status: mark.status, moving: this.marks.moving.has(mark) };
  }
};
