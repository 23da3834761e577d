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
    this.pane = new Dispatch.Pane(map);
    this.held = false; // a person moved the view: it is his until he releases it
    this.ours = false;
    this.picking = false;
    this.pointer = null;
    map.on("movestart zoomstart", () => this.hold(!this.ours || this.held));
    map.on("moveend", () => this.tell_view());
    map.on("resize", () => this.held || this.fit());
    map.on("click", (event) => this.on_clicked(event));
    map.on("dblclick", (event) => this.on_double_clicked(event));
    map.on("mousemove", (event) => this.on_pointed(event.containerPoint));
    map.on("mouseout dragstart", () => this.on_pointed(null));
    this.pane.fit_button.addEventListener("click", () => this.fit());
    document.addEventListener("keydown", (event) => this.on_key(event));
    setInterval(() => this.refresh(), 1000);
  }

  connect(bridge) {
    this.bridge = bridge;
    bridge.told.connect((text) => this.apply(JSON.parse(text)));
    bridge.on_ready();
  }

  apply(message) {
    if (message.now) this.marks.clock_ms = message.now - Date.now();
    if (message.look) this.dress(message.look);
    if (message.districts) this.ground.lay(message.districts);
    if (message.route) this.ground.lead(message.route);
    if (message.full) this.marks.clear();
    const bare = !this.marks.orders.size; // the technicians came first: with the orders there is more to fit
    for (const [kind, id] of message.gone || []) this.marks.remove(kind, id);
    for (const row of message.t || []) this.marks.put_technician(row);
    for (const row of message.m || []) this.marks.move_technician(row);
    for (const row of message.o || []) this.marks.put_order(row);
    this.changed = true;
    if (message.full || message.look) this.refresh(); // the legend's height counts in what follows
    if (message.full) this.fit();
    else if (message.refit && bare && this.marks.orders.size && !this.held) this.fit();
    else if (message.refit) this.fit_if_free();
    if (message.fit) this.fit();
    if (message.view) this.restore(message.view);
    if (message.select) this.select(...message.select);
    if ("pick" in message) this.pick(message.pick);
    this.bridge.on_applied(message.no);
  }

  dress(look) {
    this.pane.dress(look);
    this.ground.dress(look);
    this.marks.dress(look);
    this.pane.hold(this.held);
  }

  refresh() {
    if (this.changed && this.marks.look) {
      this.pane.count(this.marks);
      this.ground.ask(); // names give way to marks
    }
    this.changed = false;
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
    const room = { paddingTopLeft: [64, 32], paddingBottomRight: [48, legend + 36], maxZoom: 15, animate: false };
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

  select(kind, id) {
    this.marks.select(kind, id);
    const mark = id && this.marks.find(kind, id);
    if (!mark || this.held || Number.isNaN(mark.x)) return;
    const place = this.map.unproject([mark.x, mark.y], 0);
    if (!this.map.getBounds().contains(place)) this.move(() => this.map.panTo(place, { animate: false }));
  }

  pick(on) {
    this.picking = on;
    this.pane.pick(on);
    this.on_pointed(null);
    if (on) this.map.getContainer().focus({ preventScroll: true });
  }

  on_clicked({ containerPoint, latlng }) {
    if (this.picking) return this.picked(latlng);
    const mark = this.marks.hit(containerPoint.x, containerPoint.y);
    if (!mark) return undefined;
    if (mark.kind === "group") return this.map.setZoomAround(containerPoint, this.map.getZoom() + 1);
    this.marks.select(mark.kind, mark.id);
    return this.bridge.on_selected(mark.kind, mark.id);
  }

  on_double_clicked({ containerPoint }) {
    const mark = this.picking ? null : this.marks.hit(containerPoint.x, containerPoint.y);
    if (mark && mark.id) this.bridge.on_activated(mark.kind, mark.id);
  }

  on_pointed(point) {
    this.pointer = point;
    const mark = point && !this.picking ? this.marks.hit(point.x, point.y) : null;
    this.map.getContainer().classList.toggle("over", Boolean(mark));
    if (this.marks.look) this.pane.hover(mark, this.marks.now());
  }

  on_key(event) {
    if (event.isComposing) return;
    const chosen = this.marks.selected;
    if (event.key === "Enter" && this.picking) this.picked(this.map.getCenter());
    else if (event.key === "Escape" && this.picking) this.bridge.on_pick_cancelled();
    else if (event.key === "Enter" && chosen) this.bridge.on_activated(chosen.kind, chosen.id);
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
