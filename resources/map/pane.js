/* What lies over the map in words: legend, tooltip, the button that fits the view, the day of one technician, the
   line that says what is going on. */
"use strict";
var Dispatch = window.Dispatch || {};

Dispatch.node = (parent, name, text) => {
  const node = L.DomUtil.create("div", name, parent);
  if (text !== undefined) node.textContent = text; // never innerHTML: names and lines come from people
  return node;
};

Dispatch.Pane = class {
  constructor(map) {
    this.map = map;
    const root = map.getContainer();
    const corner = root.querySelector(".leaflet-top.leaflet-left");
    this.fit_button = L.DomUtil.create("button", "dispatch-fit leaflet-control", corner);
    this.fit_button.type = "button";
    L.DomEvent.disableClickPropagation(this.fit_button);
    this.legend = Dispatch.node(root, "dispatch-legend");
    this.tooltip = Dispatch.node(root, "dispatch-tooltip");
    this.top = Dispatch.node(root, "dispatch-top");
    this.banner = Dispatch.node(this.top, "dispatch-banner");
    this.cross = Dispatch.node(root, "dispatch-cross");
    this.way = Dispatch.node(this.top, "dispatch-way");
    L.DomEvent.disableClickPropagation(this.way);
    L.DomEvent.disableScrollPropagation(this.way);
    this.credit = Dispatch.node(root, "dispatch-credit");
    L.control.scale({ imperial: false, position: "bottomright", maxWidth: 120 }).addTo(map);
    map.eachLayer((layer) => { if (layer.getAttribution) this.credit.innerHTML = layer.getAttribution(); }); // escaped when the page was built
  }

  dress(look) {
    this.look = look;
    const style = this.map.getContainer().style;
    for (const token of ["canvas", "surface", "line", "border", "text", "muted", "accent", "hover", "tooltip", "on_tooltip", "wrong"]) {
      style.setProperty(`--${token}`, look[token]);
    }
    style.setProperty("--font", look.font);
    style.setProperty("--size", `${look.px}px`);
    document.documentElement.dataset.mode = look.mode;
    this.fit_button.textContent = look.words.fit;
    document.querySelector(".leaflet-control-zoom-in").title = look.words.zoom_in;
    document.querySelector(".leaflet-control-zoom-out").title = look.words.zoom_out;
    this.legend.replaceChildren();
  }

  /* One line for technicians, one for orders; a state that nobody has now stands in the first line only. */
  count(marks) {
    const tally = (all) => {
      const counts = {};
      for (const mark of all.values()) counts[mark.status] = (counts[mark.status] || 0) + 1;
      return counts;
    };
    const sprites = new Dispatch.Sprites(this.look, window.devicePixelRatio || 1);
    const technicians = tally(marks.technicians);
    const orders = tally(marks.orders);
    const stale = [...marks.technicians.values()].filter((mark) => mark.at !== null && mark.age === 2).length;
    const said = JSON.stringify([technicians, orders, stale, this.look.mode, this.look.words.fit]);
    if (said === this.said && this.legend.firstChild) return;
    this.said = said;
    const lines = [this.line(this.look.words.technicians), this.line(this.look.words.orders)];
    const entry = (line, picture, word, number) => {
      const item = Dispatch.node(line, number ? "dispatch-item" : "dispatch-item none");
      item.append(picture.image);
      picture.image.style.width = `${picture.image.width / sprites.ratio}px`;
      Dispatch.node(item, "word", word);
      Dispatch.node(item, "number", String(number));
    };
    for (const status of [...Dispatch.STATES].reverse()) {
      const mark = { status, name: "" };
      entry(lines[0], sprites.technician(mark, 0, 1), this.look.technician[status].word, technicians[status] || 0);
    }
    if (stale) entry(lines[0], sprites.technician({ status: "busy", name: "" }, 2, 1), this.look.words.stale, stale);
    for (const [status, { word }] of Object.entries(this.look.order)) {
      if (orders[status]) entry(lines[1], sprites.order({ status, urgency: "normal" }, 1), word, orders[status]);
    }
    this.legend.replaceChildren(...lines.filter((line) => line.children.length > 1));
  }

  line(title) {
    const line = document.createElement("div");
    line.className = "dispatch-line";
    Dispatch.node(line, "title", title);
    return line;
  }

  hold(held) {
    this.fit_button.classList.toggle("held", held);
    this.fit_button.title = held ? this.look.words.held : this.look.words.following;
  }

  /* A place is wanted: the pointer and the centre of the view say where. */
  pick(on) {
    this.map.getContainer().classList.toggle("picking", on);
  }

  hover(mark, now) {
    if (!mark) return this.tooltip.classList.remove("shown");
    const lines = mark.kind === "technician" ? this.technician(mark, now)
      : mark.kind === "order" ? this.order(mark) : this.group(mark);
    this.tooltip.replaceChildren();
    lines.forEach((line, i) => Dispatch.node(this.tooltip, i ? "" : "first", line));
    this.tooltip.classList.add("shown");
    const size = this.map.getSize();
    const left = mark.px + 16 + this.tooltip.offsetWidth > size.x ? mark.px - 16 - this.tooltip.offsetWidth : mark.px + 16;
    const top = Math.min(mark.py - 10, size.y - this.tooltip.offsetHeight - 4);
    this.tooltip.style.transform = `translate(${Math.round(left)}px, ${Math.round(Math.max(4, top))}px)`;
    return undefined;
  }

  technician(mark, now) {
    const state = (this.look.technician[mark.status] || this.look.unknown).word || mark.status;
    const lines = [`${mark.name} · ${state}`, mark.at === null ? this.look.words.unseen : this.seen(mark, now)];
    if (mark.skills.length) lines.push(mark.skills.join(this.look.words.comma));
    return [...lines, ...mark.lines];
  }

  seen(mark, now) {
    const words = this.look.words;
    const clock = new Date(mark.at);
    const at = `${String(clock.getHours()).padStart(2, "0")}:${String(clock.getMinutes()).padStart(2, "0")}`;
    const minutes = Math.floor((now - mark.at) / 60000);
    const ago = minutes < 1 ? words.now : minutes < 60 ? words.minutes.replace("{n}", minutes)
      : minutes < 1440 ? words.hours.replace("{n}", Math.floor(minutes / 60)) : words.days.replace("{n}", Math.floor(minutes / 1440));
    const about = mark.accuracy ? ` · ${words.accuracy.replace("{n}", Math.round(mark.accuracy))}` : "";
    return `${mark.age === 2 ? words.stale_at : words.seen_at} ${at} · ${ago}${about}`;
  }

  order(mark) {
    const state = (this.look.order[mark.status] || this.look.unknown).word || mark.status;
    const urgent = this.look.urgency[mark.urgency];
    const first = [mark.name, state, ...(urgent && mark.urgency !== "normal" ? [urgent.word] : [])].join(" · ");
    return [first, ...mark.lines, ...(mark.approximate ? [this.look.words.approximate] : [])];
  }

  group(group) {
    const words = this.look.words;
    if (group.of === "order") {
      const lines = Object.entries(this.look.order).filter(([state]) => group.shares[state]);
      const loud = group.loud ? [`${this.look.urgency.emergency.word} ${group.loud}`] : [];
      return [words.batch.replace("{n}", group.count), ...loud, ...lines.map(([state, { word }]) => `${word} ${group.shares[state]}`)];
    }
    const lines = [...Dispatch.STATES].reverse().filter((state) => group.shares[state]);
    return [words.group.replace("{n}", group.count), ...lines.map((state) => `${this.look.technician[state].word} ${group.shares[state]}`)];
  }

  /* One technician's day in words, at the edge: number, hours, state; a click chooses the order. */
  day({ title, note, stops }, chosen) {
    this.way.replaceChildren();
    if (!stops.length) return;
    Dispatch.node(this.way, "title", title);
    for (const stop of stops) {
      const row = L.DomUtil.create("button", `row ${stop.state}`, this.way);
      row.type = "button";
      for (const [name, text] of [["no", String(stop.n)], ["hours", stop.hours], ["state", stop.word], ["what", stop.what]]) Dispatch.node(row, name, text);
      row.addEventListener("click", () => chosen(stop.order));
    }
    if (note) Dispatch.node(this.way, "note", note);
  }

  /* What is going on and how it ends, unmistakably: picking, measuring, drawing, following, focus. */
  say(text, tone) {
    this.banner.textContent = text;
    this.banner.className = `dispatch-banner ${text ? "shown" : ""} ${tone || ""}`;
  }

  frame(on) {
    this.map.getContainer().classList.toggle("followed", on);
  }
};
