import { NO_SLOT, type SlotSpan, type WaitingLevel } from '../../core/slots';

/** Where the picture's parts stand, in CSS pixels from its top. */
export interface FilmLayout {
  /** Slots. */
  readonly lanes: number;
  /** Of the band of waiting requests. */
  readonly band: number;
  /** Where the first slot begins, and how high each is with the gap below it. */
  readonly top: number;
  readonly lane: number;
  readonly gap: number;
  readonly height: number;
}

const BAND = 34;
const BELOW_BAND = 8;
/** All slots together, unless that makes them lower than `LOWEST`, of many slots `LOWEST_OF_MANY`, or higher than `HIGHEST`. */
const LANES = 168;
const LOWEST = 3;
const LOWEST_OF_MANY = 1.5;
const HIGHEST = 26;

/** The picture of so many slots: it keeps its height, so that a change of their number moves nothing else on the page. */
export function filmLayout(lanes: number): FilmLayout {
  const lowest = Math.max(LOWEST_OF_MANY, Math.min(LOWEST, (64 * LOWEST) / lanes));
  const lane = Math.min(HIGHEST, Math.max(lowest, LANES / lanes));
  const gap = lane >= 10 ? 2 : lane >= 5 ? 1 : 0;
  const top = BAND + BELOW_BAND;
  return { lanes, band: BAND, top, lane, gap, height: top + Math.max(LANES, Math.ceil(lane * lanes)) };
}

/** The slot at a height; null between and below them. */
export function slotAt({ lanes, top, lane }: FilmLayout, y: number): number | null {
  const slot = Math.floor((y - top) / lane);
  return slot >= 0 && slot < lanes ? slot : null;
}

/** The slots that have their number beside them: all where there is room for the words, else the first and some others. */
export function numberedSlots({ lanes, lane }: FilmLayout): readonly number[] {
  const every = [1, 2, 4, 8, 16].find((step) => step * lane >= 14) ?? 32;
  return Array.from({ length: Math.ceil(lanes / every) }, (_, index) => index * every);
}

/** The picture's colours in the scheme in force, as a canvas takes them. */
interface Palette {
  readonly ground: string;
  readonly slot: string;
  readonly queued: string;
  readonly sealed: string;
  readonly prefill: string;
  /** Two, so that neighbours can be told apart: by whether the request's number is even. */
  readonly decode: readonly [even: string, odd: string];
  readonly wasted: string;
  readonly wastedGround: string;
  readonly mark: string;
}

/** Read off the CSS variables, which a canvas does not know. */
export function paletteOf(element: Element): Palette {
  const style = getComputedStyle(element);
  const token = (name: string) => style.getPropertyValue(`--hw-${name}`).trim();
  return {
    ground: token('panel'),
    slot: token('well'),
    queued: token('queued'),
    sealed: token('high'),
    prefill: token('violet'),
    decode: [token('accent'), token('decode')],
    wasted: token('lost'),
    wastedGround: token('lost-ground'),
    mark: token('text'),
  };
}

/** How a film is drawn. */
interface FilmStyle {
  readonly layout: FilmLayout;
  readonly palette: Palette;
  /** Of what is seen at once: CSS pixels, and ms. */
  readonly width: number;
  readonly windowMs: number;
  /** Device pixels to a CSS pixel. */
  readonly ratio: number;
  /** Waiting requests that fill the band. */
  readonly mostWaiting: number;
}

/** What there is to be drawn; times in ms on the shared clock. */
interface Scene {
  readonly spans: readonly SlotSpan[];
  readonly levels: readonly WaitingLevel[];
  /** Before and after these nothing is known, and nothing is drawn. */
  readonly since: number;
  readonly until: number;
  /** Lines across all, where a setting changed. */
  readonly marks: readonly number[];
}

/** Windows that the film is long: what comes in is drawn once, and the film is then moved by the compositor alone. */
const WINDOWS = 3;
const DASH = 3;

/**
 * The slots over time on a canvas that is longer than what is seen of it: new spans are drawn at its end, and showing a
 * moment means to move it. When its end has come it is drawn anew, some window later.
 */
export class SlotFilm {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  #style: FilmStyle | null = null;
  #hatch: CanvasPattern | null = null;
  /** When its left edge is. */
  #from = 0;
  #shownAt = '';

  /** @throws Error where the browser has no 2D canvas */
  constructor(canvas: HTMLCanvasElement) {
    const context = canvas.getContext('2d', { alpha: false });
    if (!context) throw new Error('The browser gives no 2D canvas for the slots.');
    this.#canvas = canvas;
    this.#context = context;
  }

  /** Everything anew, from a time on. */
  draw(style: FilmStyle, scene: Scene, from: number): void {
    const { layout, palette, width, ratio } = style;
    const size = { width: Math.round(width * WINDOWS * ratio), height: Math.round(layout.height * ratio) };
    if (this.#canvas.width !== size.width || this.#canvas.height !== size.height) {
      Object.assign(this.#canvas, size);
      this.#canvas.style.width = `${size.width / ratio}px`;
      this.#canvas.style.height = `${size.height / ratio}px`;
    }
    this.#style = style;
    this.#from = from;
    this.#hatch = hatchOf(this.#context, palette, ratio);
    this.#fill(palette.ground, 0, 0, size.width, layout.height);
    const begin = Math.max(0, this.#x(scene.since));
    for (let slot = 0; slot < layout.lanes; slot++) this.#bar(palette.slot, slot, begin, size.width);
    this.append(scene);
    for (const at of scene.marks) this.#mark(at);
  }

  /** What is new; levels begin with the one that held before. */
  append({ spans, levels, until }: Pick<Scene, 'spans' | 'levels' | 'until'>): void {
    const { palette, layout } = this.#style ?? {};
    if (!palette || !layout) return;
    for (const { slot, kind, request, from, to } of spans) {
      if (slot === NO_SLOT || kind === 'queue') continue;
      const colours = {
        prefill: palette.prefill,
        decode: palette.decode[request % 2 === 0 ? 0 : 1],
        wasted: this.#hatch ?? palette.wasted,
      };
      this.#bar(colours[kind], slot, this.#x(from), Math.max(this.#x(from) + 1, this.#x(to)));
    }
    for (const [index, level] of levels.entries()) this.#level(level, levels[index + 1]?.at ?? until);
  }

  /** @returns false when the film ends before that moment: it has to be drawn anew */
  show(at: number): boolean {
    const style = this.#style;
    if (!style) return false;
    const { windowMs, width, ratio } = style;
    const left = at - windowMs;
    if (left < this.#from || left > this.#from + (WINDOWS - 1) * windowMs - SPARE_MS) return false;
    const pixels = Math.round(((left - this.#from) * width * ratio) / windowMs) / ratio;
    const transform = `translate3d(${-pixels}px, 0, 0)`;
    if (transform !== this.#shownAt) this.#canvas.style.transform = transform;
    this.#shownAt = transform;
    return true;
  }

  /** Device pixels from the left edge. */
  #x(at: number): number {
    const { width = 0, windowMs = 1, ratio = 1 } = this.#style ?? {};
    return Math.round(((at - this.#from) * width * ratio) / windowMs);
  }

  /** Across in device pixels, down in CSS pixels. */
  #fill(colour: string | CanvasPattern, left: number, top: number, right: number, bottom: number): void {
    const { ratio = 1 } = this.#style ?? {};
    const [from, to] = [Math.max(0, left), Math.min(this.#canvas.width, right)];
    if (to <= from) return;
    const y = Math.round(top * ratio);
    this.#context.fillStyle = colour;
    this.#context.fillRect(from, y, to - from, Math.round(bottom * ratio) - y);
  }

  #bar(colour: string | CanvasPattern, slot: number, left: number, right: number): void {
    const layout = this.#style?.layout;
    if (!layout || slot >= layout.lanes) return;
    const top = layout.top + slot * layout.lane;
    this.#fill(colour, left, top, right, top + layout.lane - layout.gap);
  }

  /** Those in sealed batches at the bottom, the queue on top of them. What was drawn there before has turned out otherwise. */
  #level({ at, queued, sealed }: WaitingLevel, until: number): void {
    const style = this.#style;
    if (!style) return;
    const { palette, layout, mostWaiting } = style;
    const [left, right] = [this.#x(at), Math.min(this.#canvas.width, this.#x(until))];
    const height = (count: number) => (Math.min(count, mostWaiting) / mostWaiting) * layout.band;
    const [all, low] = [layout.band - height(queued + sealed), layout.band - height(sealed)];
    this.#fill(palette.ground, left, 0, right, all);
    this.#fill(palette.queued, left, all, right, low);
    this.#fill(palette.sealed, left, low, right, layout.band);
  }

  #mark(at: number): void {
    const { palette, layout, ratio = 1 } = this.#style ?? {};
    if (!palette || !layout) return;
    const x = this.#x(at);
    for (let y = 0; y < layout.height; y += 2 * DASH) {
      this.#fill(palette.mark, x, y, x + Math.ceil(ratio), y + DASH);
    }
  }
}

/** What is told lies before now, and what is shown a little behind that: nothing is drawn within this of the end. */
const SPARE_MS = 1000;

/** Stripes, so that wasted work is not told by its colour alone. */
function hatchOf(context: CanvasRenderingContext2D, palette: Palette, ratio: number): CanvasPattern | null {
  const size = Math.round(6 * ratio);
  const tile = document.createElement('canvas');
  tile.width = tile.height = size;
  const pen = tile.getContext('2d');
  if (!pen) return null;
  pen.fillStyle = palette.wastedGround;
  pen.fillRect(0, 0, size, size);
  pen.strokeStyle = palette.wasted;
  pen.lineWidth = size * 0.4;
  for (const shift of [-size, 0, size]) {
    pen.moveTo(shift - 1, size + 1);
    pen.lineTo(shift + size + 1, -1);
  }
  pen.stroke();
  return context.createPattern(tile, 'repeat');
}
