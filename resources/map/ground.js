/* The ground where there are no tiles: a quiet graticule, the outlines and names of districts, and areas. */
"use strict";
var Dispatch = window.Dispatch || {};

/* Mercator pixels at zoom 0, as Leaflet's EPSG3857 has them. */
Dispatch.world = (lon, lat) => ({
  x: ((lon + 180) / 360) * 256,
  y: (0.5 - Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360)) / (2 * Math.PI)) * 256,
});

/* Metres that one CSS pixel is wide at a world's y: the map is stretched towards the poles. */
Dispatch.metres = (y, scale) => 40075016.686 / Math.cosh(Math.PI * (1 - (2 * y) / 256)) / (256 * scale);

/* A canvas that covers the map and stays where it is; `draw` is told the view in CSS pixels. */
Dispatch.Surface = class {
  constructor(map, zIndex, draw) {
    this.map = map;
    this.draw = draw;
    this.canvas = L.DomUtil.create("canvas", "dispatch-surface", map.getContainer());
    this.canvas.style.zIndex = zIndex;
    this.ink = this.canvas.getContext("2d");
    this.waiting = 0;
  }

  /* A canvas without anything on it costs a pass over the whole view in every frame, so it is taken out. */
  use(on) {
    this.canvas.style.display = on ? "" : "none";
    this.ask();
  }

  /* Ask for a frame; however often, one is drawn. */
  ask() {
    if (!this.waiting) this.waiting = requestAnimationFrame((now) => this.frame(now));
  }

  frame(now) {
    this.waiting = 0;
    const ratio = window.devicePixelRatio || 1;
    const size = this.map.getSize();
    const width = Math.round(size.x * ratio);
    const height = Math.round(size.y * ratio);
    if (this.canvas.width !== width || this.canvas.height !== height) {
      this.canvas.width = width;
      this.canvas.height = height;
      this.canvas.style.width = `${size.x}px`;
      this.canvas.style.height = `${size.y}px`;
    }
    const corner = this.map.getPixelBounds().min;
    const scale = 2 ** this.map.getZoom();
    this.draw(this.ink, { left: corner.x, top: corner.y, scale, width: size.x, height: size.y, ratio }, now);
  }
};

Dispatch.Ground = class {
  constructor(map) {
    this.map = map;
    this.districts = [];
    this.names = []; // of districts whose outline nobody knows
    this.look = null;
    this.tiled = false;
    this.covered = () => false; // whether marks lie in a box of the screen
    this.surface = new Dispatch.Surface(map, 450, (ink, view) => this.draw(ink, view));
    map.on("move zoom viewreset resize", () => this.ask());
  }

  ask() {
    this.surface.ask();
  }

  dress(look) {
    this.look = look;
    this.ask();
  }

  lay(districts) {
    this.names = districts.filter(({ rings }) => !rings.length).map(({ name, at }) => ({ name, ...Dispatch.world(...at) }));
    this.districts = districts.filter(({ rings }) => rings.length).map(({ name, rings, tone, at }) => {
      const drawn = rings.map((ring) => ring.map(([lon, lat]) => Dispatch.world(lon, lat)));
      const longest = drawn.reduce((best, ring) => (ring.length > best.length ? ring : best), drawn[0]);
      const xs = longest.map((point) => point.x);
      const ys = longest.map((point) => point.y);
      const box = { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) };
      const middle = at ? Dispatch.world(...at) : { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 };
      return { name, rings: drawn, box, tone, middle };
    });
    this.surface.ask();
  }

  draw(ink, view) {
    ink.setTransform(view.ratio, 0, 0, view.ratio, 0, 0);
    ink.clearRect(0, 0, view.width, view.height);
    if (!this.look) return;
    for (const layer of this.map.getPane("tilePane").children) this.tiled = layer.querySelector("img.leaflet-tile-loaded") !== null;
    if (!this.tiled) this.graticule(ink, view);
    this.outline(ink, view);
  }

  graticule(ink, view) {
    const degree = (view.scale * 256) / 360;
    const step = [30, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001].find((s) => s * degree < 190) || 0.001;
    const bounds = this.map.getBounds();
    ink.beginPath();
    for (let lon = Math.ceil(bounds.getWest() / step) * step; lon < bounds.getEast(); lon += step) {
      const x = Math.round(Dispatch.world(lon, 0).x * view.scale - view.left) + 0.5;
      ink.moveTo(x, 0);
      ink.lineTo(x, view.height);
    }
    for (let lat = Math.ceil(bounds.getSouth() / step) * step; lat < bounds.getNorth(); lat += step) {
      const y = Math.round(Dispatch.world(0, lat).y * view.scale - view.top) + 0.5;
      ink.moveTo(0, y);
      ink.lineTo(view.width, y);
    }
    ink.strokeStyle = this.look.graticule;
    ink.lineWidth = 1;
    ink.stroke();
  }

  outline(ink, view) {
    const place = (point) => [point.x * view.scale - view.left, point.y * view.scale - view.top];
    ink.lineJoin = "round";
    ink.lineWidth = 1.25;
    ink.strokeStyle = this.look.border;
    ink.fillStyle = this.look.land;
    // What a technician covers lies over the districts, and his own outline over that.
    for (const tone of ["", "covered", "own"]) for (const { rings, box, tone: worn } of this.districts) {
      if ((worn || "") !== tone || !this.seen(box, view)) continue;
      ink.beginPath();
      for (const ring of rings) {
        ring.forEach((point, i) => (i ? ink.lineTo(...place(point)) : ink.moveTo(...place(point))));
        ink.closePath();
      }
      ink.fillStyle = this.look.land;
      if (!this.tiled && tone !== "own") ink.fill("evenodd");
      if (tone) {
        ink.globalAlpha = 0.12;
        ink.fillStyle = this.look.accent;
        ink.fill("evenodd");
        ink.globalAlpha = 1;
      }
      ink.strokeStyle = tone ? this.look.accent : this.look.border;
      ink.setLineDash(tone === "own" ? [7, 4] : []);
      ink.stroke();
      ink.setLineDash([]);
    }
    ink.font = `500 13px ${this.look.font}`;
    ink.textAlign = "center";
    ink.textBaseline = "middle";
    ink.fillStyle = this.look.place;
    for (const { name, box, middle } of this.districts) {
      const room = (box.right - box.left) * view.scale;
      if (!this.seen(box, view) || ink.measureText(name).width > room) continue;
      this.name(ink, name, ...place(middle), view);
    }
    for (const named of this.names) this.name(ink, named.name, ...place(named), view);
  }

  name(ink, name, x, y, view) {
    const half = ink.measureText(name).width / 2 + 6;
    // Half a name between marks says nothing and disturbs.
    if (!this.covered(x - half, y - 14, x + half, y + 14, view)) ink.fillText(name, x, y);
  }

  seen(box, view) {
    return box.right * view.scale > view.left && box.left * view.scale < view.left + view.width
      && box.bottom * view.scale > view.top && box.top * view.scale < view.top + view.height;
  }
};
