import { Button, SegmentedControl, Slider } from '@mantine/core';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { RaceLane } from '../../core/twin-control';
import { formatMs, formatShare } from '../../store/format';
import { useApp, useAttempt, useTwin, useTwinState } from '../app-context';
import kit from '../kit/kit.module.css';
import { Panel } from '../kit/panel';
import { useSize } from '../kit/use-size';
import { drawLane, scoreAt } from './race-film';
import classes from './twin.module.css';

const REQUESTS = 80;
/** Of the race's clock, ms that a lane shows. */
const SPAN_MS = 1500;
const SPEEDS = [
  { value: '0.05', label: '1/20' },
  { value: '0.2', label: '1/5' },
  { value: '1', label: '1 ×' },
  { value: '4', label: '4 ×' },
];

/** The same arrivals through three policies, side by side on one virtual clock. */
export function RacePanel() {
  const twin = useTwin();
  const { calibration, source } = useTwinState();
  const settings = useApp((state) => state.settings);
  const attempt = useAttempt();
  const [lanes, setLanes] = useState<readonly RaceLane[] | null>(null);
  const [at, setAt] = useState(0);
  const [isPlaying, setPlaying] = useState(false);
  const [speed, setSpeed] = useState('0.2');
  const [running, setRunning] = useState(false);
  const stage = useRef<HTMLDivElement>(null);
  const end = Math.max(1, ...(lanes ?? []).map(({ lasted }) => lasted));

  useEffect(() => {
    if (!isPlaying) return;
    let last = performance.now();
    let frame = requestAnimationFrame(function next(now) {
      const passed = (now - last) * Number(speed);
      last = now;
      setAt((before) => Math.min(end, before + passed));
      frame = requestAnimationFrame(next);
    });
    return () => cancelAnimationFrame(frame);
  }, [isPlaying, speed, end]);
  useEffect(() => {
    if (at >= end) setPlaying(false);
  }, [at, end]);

  const start = () =>
    attempt(async () => {
      const { load, serving } = settings;
      const question = twin.question({ requests: REQUESTS, serving, load });
      if (!question) return;
      setRunning(true);
      try {
        setLanes(await twin.answers.race(question));
        setAt(0);
        setPlaying(true);
      } finally {
        setRunning(false);
      }
    });

  return (
    <Panel
      title="The race"
      aside={
        calibration ? (
          <span className={classes.chip}>
            predicted by the twin of {calibration.adapter.name}
            {source === 'shipped' ? ' (another machine)' : ''}
          </span>
        ) : null
      }
    >
      <div ref={stage} className={classes.stage}>
        <p className={kit.dim}>
          {REQUESTS} requests as the live page&rsquo;s load sends them now, the same for every policy, each on
          an engine of its own. Colours: prefill, decode, and rows that no request waits for.
        </p>
        <div className={kit.buttons}>
          <Button size="xs" loading={running} disabled={!calibration} onClick={start}>
            {lanes ? 'New race' : 'Start the race'}
          </Button>
          <Button
            size="xs"
            variant="default"
            disabled={!lanes}
            onClick={() => {
              if (at >= end) setAt(0);
              setPlaying(!isPlaying);
            }}
          >
            {isPlaying ? 'Pause' : 'Play'}
          </Button>
          <SegmentedControl
            size="xs"
            withItemsBorders={false}
            aria-label="Speed of the race"
            data={SPEEDS}
            value={speed}
            onChange={setSpeed}
          />
          <Button
            size="xs"
            variant="default"
            onClick={() => attempt(async () => stage.current?.requestFullscreen())}
          >
            Full screen
          </Button>
        </div>
        {calibration ? null : (
          <p>The race runs as soon as a model is ready and some of its steps have been seen.</p>
        )}
        {lanes ? (
          <>
            <Slider
              className={classes.scrub ?? ''}
              thumbLabel="Time of the race"
              min={0}
              max={end}
              step={1}
              value={at}
              label={(ms) => `${(ms / 1000).toFixed(2)} s`}
              onChange={(ms) => {
                setPlaying(false);
                setAt(ms);
              }}
            />
            <div className={classes.lanes}>
              {lanes.map((lane) => (
                <Lane key={lane.policy} lane={lane} at={at} />
              ))}
            </div>
            <p role="status" className={classes.says}>
              {at >= end ? sayResult(lanes) : ''}
            </p>
          </>
        ) : null}
      </div>
    </Panel>
  );
}

interface LaneProps {
  readonly lane: RaceLane;
  readonly at: number;
}

function Lane({ lane, at }: LaneProps) {
  const [ref, size] = useSize<HTMLDivElement>();
  const canvas = useRef<HTMLCanvasElement>(null);
  const score = useMemo(() => scoreAt(lane, at), [lane, at]);
  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context || !size) return;
    const ratio = devicePixelRatio;
    element.width = size.width * ratio;
    element.height = size.height * ratio;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const style = getComputedStyle(element);
    const color = (name: string) => style.getPropertyValue(`--hw-${name}`);
    const colors = {
      prefill: color('accent'),
      decode: color('decode'),
      wasted: color('lost'),
      line: color('text'),
    };
    drawLane(context, lane, { at, span: SPAN_MS, ...size, colors });
  }, [lane, at, size]);
  return (
    <section aria-label={lane.policy} className={classes.lane}>
      <header className={classes.laneHead}>
        <h3>{lane.policy}</h3>
        <dl>
          <dt>finished</dt>
          <dd>
            {score.finished} of {lane.requests.length}
          </dd>
          <dt>queued</dt>
          <dd>{score.queued}</dd>
          <dt>p95</dt>
          <dd>{formatMs(score.p95Ms)} ms</dd>
          <dt>wasted</dt>
          <dd>{formatShare(score.wastedShare)}</dd>
        </dl>
      </header>
      <div ref={ref} className={classes.laneFilm}>
        <canvas ref={canvas} role="img" aria-label={`Slots of ${lane.policy} over time`} />
      </div>
    </section>
  );
}

function sayResult(lanes: readonly RaceLane[]): string {
  const words = lanes.map((lane) => {
    const { p95Ms, wastedShare } = scoreAt(lane, lane.lasted);
    return `${lane.policy} ${(lane.lasted / 1000).toFixed(2)} s, p95 ${formatMs(p95Ms)} ms, ${formatShare(wastedShare)} of its rows wasted`;
  });
  const far = [...new Set(lanes.flatMap(({ extrapolated }) => extrapolated))];
  return `All answered: ${words.join('; ')}.${far.length > 0 ? ` Extrapolated: ${far.join('; ')}.` : ''}`;
}
