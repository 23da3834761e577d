/* Every mark's picture, drawn once for a look and a size, then only copied.
   Technicians: ● online, ◆ busy, ○ offline, as published in the legend. Orders: a square tag with its state's glyph. */
"use strict";
var Dispatch = window.Dispatch || {};

Dispatch.SIZES = [9, 16, 26]; // crowded, usual, roomy: edge in CSS pixels
Dispatch.FADE = [1, 0.72, 0.42]; // position fresh, ageing, stale

Dispatch.Sprites = class {
  constructor(look, ratio) {
    this.look = look;
    this.ratio = ratio;
    this.known = new Map();
    this.figure = document.documentElement.classList.contains("afar") ? 1.55 : 1; // counts are read from afar, marks are seen
  }

  technician(mark, age, size) {
    const letter = size === 2 ? mark.name.slice(0, 1) : "";
    return this.keep(`t ${mark.status} ${age} ${size} ${letter}`, Dispatch.SIZES[size], (ink, edge) => {
      const state = this.look.technician[mark.status] || this.look.unknown;
      ink.globalAlpha = Dispatch.FADE[age];
      this.body(ink, state.shape, edge, state.ink);
      if (size) {
        const write = state.shape === "ring" ? state.ink : this.look.on_mark;
        this.write(ink, letter, edge * 0.46, 0, 0, write, 600);
      }
      ink.globalAlpha = 1;
      if (age === 2 && size) this.badge(ink, "?", edge, this.look.muted);
    });
  }

  order(mark, size) {
    const key = `o ${mark.status} ${mark.urgency} ${mark.approximate} ${size}`;
    return this.keep(key, Dispatch.SIZES[size] * 0.85, (ink, edge) => {
      const state = this.look.order[mark.status] || this.look.unknown;
      const urgent = this.look.urgency[mark.urgency];
      this.body(ink, "tag", edge, state.ink, mark.approximate);
      if (size) this.write(ink, state.glyph, edge * 0.68, 0, 0, mark.approximate ? state.ink : this.look.on_mark, 600);
      if (urgent && mark.urgency !== "normal") {
        if (size) this.badge(ink, urgent.glyph, edge, urgent.ink);
        else if (urgent.shout) this.outline(ink, edge, urgent.ink);
      }
    });
  }

  /* A group too dense to draw singly: its number, within a ring that shows the shares of the states. */
  group(count, shares) {
    const edge = count > 999 ? 46 : count > 99 ? 40 : 34;
    return this.keep(`g ${count} ${JSON.stringify(shares)}`, edge * this.figure, (ink) => {
      ink.scale(this.figure, this.figure);
      const radius = edge / 2 - 2;
      ink.fillStyle = this.look.surface;
      ink.beginPath();
      ink.arc(0, 0, edge / 2, 0, 7);
      ink.fill();
      let from = -Math.PI / 2;
      Dispatch.STATES.forEach((state) => {
        const to = from + ((shares[state] || 0) / count) * 2 * Math.PI;
        if (shares[state]) {
          ink.strokeStyle = (this.look.technician[state] || this.look.unknown).ink;
          ink.lineWidth = 3;
          ink.beginPath();
          ink.arc(0, 0, radius, from, to);
          ink.stroke();
        }
        from = to;
      });
      this.write(ink, String(count), 12, 0, 0, this.look.text, 600);
    });
  }

  /* Orders too dense to draw singly: their number on a tag, with a bar of their states below and a mark for emergencies. */
  batch(count, shares, loud) {
    const edge = count > 999 ? 44 : count > 99 ? 38 : 32;
    return this.keep(`b ${count} ${loud} ${JSON.stringify(shares)}`, edge * this.figure, (ink) => {
      ink.scale(this.figure, this.figure);
      const half = edge / 2;
      ink.beginPath();
      ink.roundRect(-half + 1, -half + 3, edge - 2, edge - 6, 5);
      ink.fillStyle = this.look.surface;
      ink.fill();
      ink.strokeStyle = this.look.border;
      ink.lineWidth = 1.5;
      ink.stroke();
      let from = -half + 4;
      for (const state of Object.keys(this.look.order)) {
        const width = ((shares[state] || 0) / count) * (edge - 8);
        ink.fillStyle = this.look.order[state].ink;
        ink.fillRect(from, half - 9, width, 4);
        from += width;
      }
      this.write(ink, String(count), 12, 0, -2, this.look.text, 600);
      const urgent = this.look.urgency.emergency;
      if (loud && urgent) this.badge(ink, urgent.glyph, edge - 6, urgent.ink);
    });
  }

  label(text) {
    const font = `500 ${12 * this.figure}px ${this.look.font}`;
    const gauge = this.gauge || (this.gauge = document.createElement("canvas").getContext("2d"));
    gauge.font = font;
    const width = Math.ceil(gauge.measureText(text).width) + 6;
    return this.keep(`l ${text}`, width, (ink) => {
      ink.font = font;
      ink.textAlign = "center";
      ink.textBaseline = "middle";
      ink.lineJoin = "round";
      ink.lineWidth = 3;
      ink.strokeStyle = this.look.halo;
      ink.strokeText(text, 0, 0);
      ink.fillStyle = this.look.text;
      ink.fillText(text, 0, 0);
    }, 18 * this.figure);
  }

  keep(key, edge, draw, height) {
    let sprite = this.known.get(key);
    if (!sprite) {
      const pad = height ? 0 : 8; // room for badges and edges
      const canvas = document.createElement("canvas");
      canvas.width = Math.ceil((edge + pad) * this.ratio);
      canvas.height = Math.ceil(((height || edge) + pad) * this.ratio);
      const ink = canvas.getContext("2d");
      ink.translate(canvas.width / 2, canvas.height / 2);
      ink.scale(this.ratio, this.ratio);
      draw(ink, edge);
      sprite = { image: canvas, left: canvas.width >> 1, top: canvas.height >> 1, width: edge, height: height || edge };
      this.known.set(key, sprite);
    }
    return sprite;
  }

  body(ink, shape, edge, colour, hollow) {
    const r = edge / 2;
    const small = edge < 12;
    ink.beginPath();
    if (shape === "disc" || shape === "ring") ink.arc(0, 0, shape === "ring" ? r - 1 : r - 0.5, 0, 7);
    else if (shape === "diamond") {
      const d = r * 1.14;
      ink.moveTo(0, -d); ink.lineTo(d, 0); ink.lineTo(0, d); ink.lineTo(-d, 0);
      ink.closePath();
    } else ink.roundRect(-r + 0.5, -r + 0.5, edge - 1, edge - 1, small ? 1 : 3.5);
    ink.lineJoin = "round";
    if (shape === "ring" || hollow) {
      ink.fillStyle = this.look.surface;
      ink.fill();
      ink.strokeStyle = colour;
      ink.lineWidth = small ? 1.5 : 2;
      if (hollow && !small) ink.setLineDash([3, 2]);
    } else {
      ink.strokeStyle = this.look.halo;
      ink.lineWidth = small ? 1.5 : 2.5;
      ink.stroke(); // outside first, so that neighbours stay apart and the fill keeps its size
      ink.fillStyle = colour;
      ink.fill();
      return;
    }
    ink.stroke();
    ink.setLineDash([]);
  }

  outline(ink, edge, colour) {
    ink.strokeStyle = colour;
    ink.lineWidth = 2;
    ink.strokeRect(-edge / 2 - 1, -edge / 2 - 1, edge + 2, edge + 2);
  }

  badge(ink, glyph, edge, colour) {
    const r = Math.max(4.5, edge * 0.24);
    const x = edge / 2 - 1;
    ink.beginPath();
    ink.arc(x, -x, r, 0, 7);
    ink.fillStyle = colour;
    ink.strokeStyle = this.look.halo;
    ink.lineWidth = 1.5;
    ink.stroke();
    ink.fill();
    this.write(ink, glyph, r * 1.6, x, -x, this.look.on_mark, 700);
  }

  write(ink, text, px, x, y, colour, weight) {
    ink.font = `${weight} ${px}px ${this.look.font}`;
    ink.textAlign = "center";
    ink.textBaseline = "alphabetic";
    ink.fillStyle = colour;
    // Centred on the ink of the glyph: fonts disagree on where the middle of a line is.
    const box = ink.measureText(text);
    ink.fillText(text, x, y + (box.actualBoundingBoxAscent - box.actualBoundingBoxDescent) / 2);
  }
};
