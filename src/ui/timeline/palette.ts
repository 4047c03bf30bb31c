/** The picture's colours in the scheme in force, as a canvas takes them. */
export interface Palette {
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
