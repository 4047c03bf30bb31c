import { VisuallyHidden } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { LiveSnapshot } from '../../../core/figures';
import { formatFigure, formatMs } from '../../../store/format';
import { useApp } from '../../app-context';

/** A screen reader hears the headline this often at most. */
const EVERY_MS = 10_000;

/** The headline as a sentence for screen readers, politely and seldom. */
export function LiveSentence() {
  const snapshot = useApp((state) => state.snapshot);
  const latest = useRef(snapshot);
  const [sentence, setSentence] = useState('');
  useEffect(() => {
    latest.current = snapshot;
  }, [snapshot]);
  useEffect(() => {
    const timer = setInterval(() => {
      if (latest.current) setSentence(say(latest.current));
    }, EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <VisuallyHidden aria-live="polite" role="status">
      {sentence}
    </VisuallyHidden>
  );
}

function say(snapshot: LiveSnapshot): string {
  if (snapshot.clients.status === 'paused') return `Paused, ${snapshot.inFlight} in flight.`;
  if (!snapshot.latency)
    return `Nothing completed in the last ${Math.round(snapshot.windowMs / 1000)} seconds.`;
  const { rejected, expired, failed } = snapshot.outcomes;
  const lost = rejected + expired + failed;
  const parts = [
    `${formatFigure(snapshot.throughputRps)} requests per second`,
    `p95 latency ${formatMs(snapshot.latency.p95)} milliseconds`,
    `${snapshot.queueDepth} in the queue`,
    lost > 0 ? `${lost} lost` : '',
    snapshot.saturation ?? '',
  ];
  return `${parts.filter(Boolean).join(', ')}.`;
}
