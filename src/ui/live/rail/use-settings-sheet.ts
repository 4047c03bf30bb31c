import { type RefObject, useEffect, useRef, useState } from 'react';

/** On a narrow screen the settings are a sheet over the lower half, shown on demand. On a wide one they always stand. */
export interface SettingsSheet {
  readonly open: boolean;
  readonly show: () => void;
  readonly hide: () => void;
  readonly openerRef: RefObject<HTMLButtonElement | null>;
  readonly closerRef: RefObject<HTMLButtonElement | null>;
  /** What should be in view above the sheet while a slider moves. */
  readonly pictureRef: RefObject<HTMLDivElement | null>;
}

/** Moves the focus into the sheet and back, and the chart into the half that stays in view. */
export function useSettingsSheet(): SettingsSheet {
  const [open, setOpen] = useState(false);
  const openerRef = useRef<HTMLButtonElement>(null);
  const closerRef = useRef<HTMLButtonElement>(null);
  const pictureRef = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!open) return;
    pictureRef.current?.scrollIntoView({ block: 'start' });
    closerRef.current?.focus({ preventScroll: true });
  }, [open]);
  const hide = () => {
    if (!open) return;
    setOpen(false);
    openerRef.current?.focus();
  };
  return { open, show: () => setOpen(true), hide, openerRef, closerRef, pictureRef };
}
