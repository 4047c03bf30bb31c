import { Button, NativeSelect, NumberInput, SegmentedControl } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { POLICIES, type Policy } from '../../core/serving-config';
import {
  type FleetAnswer,
  ROUTERS,
  type RouterName,
  type TwinPoint,
  type TwinQuestion,
} from '../../core/twin-control';
import { formatFigure, formatMs } from '../../store/format';
import { useActions, useApp, useAttempt, useTwin, useTwinState } from '../app-context';
import kit from '../kit/kit.module.css';
import { Panel } from '../kit/panel';
import classes from './twin.module.css';
import { signed } from './twin-chip';

/** What a visitor would change about the setting in force, without running it. */
interface Wish {
  readonly policy: Policy;
  readonly maxBatch: number;
  /** Requests per second, or clients of a closed loop. */
  readonly amount: number;
  readonly speed: number;
  readonly replicas: number;
  readonly router: RouterName;
  readonly sloMs: number;
}

/** Requests of an answer's simulation. */
const REQUESTS = 1000;

/** Questions that are answered without running anything. */
export function WhatIfPanel() {
  const twin = useTwin();
  const { calibration, shown } = useTwinState();
  const { serving, load, slo } = useApp((state) => state.settings);
  const isMeasuring = useApp((state) => state.load.status === 'measuring');
  const actions = useActions();
  const attempt = useAttempt();
  const [changes, setChanges] = useState<Partial<Wish>>({});
  const [says, setSays] = useState<ReactNode>(null);
  const [busy, setBusy] = useState(false);
  const closed = load.arrival === 'closed';
  const wish: Wish = {
    policy: serving.policy,
    maxBatch: serving.maxBatch,
    amount: closed ? load.concurrency : load.rate,
    speed: 1,
    replicas: 1,
    router: 'least-outstanding',
    sloMs: slo.p95Ms ?? 300,
    ...changes,
  };
  const change = (more: Partial<Wish>) => setChanges((before) => ({ ...before, ...more }));
  const asked = (): TwinQuestion | null =>
    twin.question({
      serving: { ...serving, policy: wish.policy, maxBatch: wish.maxBatch },
      load: closed ? { ...load, concurrency: wish.amount } : { ...load, rate: wish.amount },
      slo: { p95Ms: wish.sloMs, ttftMs: slo.ttftMs },
      speed: wish.speed,
      replicas: wish.replicas,
      router: wish.router,
      requests: REQUESTS,
    });
  const answer = (find: (question: TwinQuestion) => Promise<ReactNode>) =>
    attempt(async () => {
      const question = asked();
      if (!question) return;
      setBusy(true);
      try {
        setSays(await find(question));
      } finally {
        setBusy(false);
      }
    });
  const predict = () =>
    answer(async (question) => {
      const point = await twin.answers.point(question);
      if (point) actions.showOverlay(pointOverlay(wish, point, closed));
      return sayPoint(wish, point, closed);
    });
  const count = () =>
    answer(async (question) => sayFleet(wish, await twin.answers.replicas(question), closed));
  const measure = () =>
    answer(async (question) => {
      const predicted = await twin.answers.point({ ...question, replicas: 1, speed: 1 });
      const { summary } = await actions.runExperiment({
        serving: question.serving,
        load: question.load,
        slo: question.slo,
        requests: 300,
        durationS: null,
        repeats: 1,
      });
      const [rps, p95] = [summary.throughput_rps, summary.latency_ms?.p95];
      if (!predicted || !rps || !p95) return 'Nothing was completed, so there is nothing to compare.';
      return `Measured ${formatFigure(rps)} requests/s at p95 ${formatMs(p95)} ms; predicted ${formatFigure(predicted.throughput_rps)} (${signed(predicted.throughput_rps / rps - 1)}) at ${formatMs(predicted.p95Ms)} ms (${signed(predicted.p95Ms / p95 - 1)}).`;
    });
  if (!calibration) return null;
  const number = (
    label: string,
    name: 'maxBatch' | 'amount' | 'speed' | 'replicas' | 'sloMs',
    min: number,
    max: number,
  ) => (
    <NumberInput
      size="xs"
      label={label}
      min={min}
      max={max}
      value={wish[name]}
      allowDecimal={name === 'amount' || name === 'speed'}
      clampBehavior="strict"
      hideControls
      onChange={(value) => {
        if (typeof value === 'number') change({ [name]: value });
      }}
    />
  );
  return (
    <Panel
      title="What if"
      aside={
        <button type="button" className={kit.toggle} aria-pressed={shown} onClick={() => twin.show(!shown)}>
          {shown ? 'Hide predicted curves' : 'Show predicted curves'}
        </button>
      }
    >
      <div className={classes.body}>
        <div className={classes.wish}>
          <SegmentedControl
            size="xs"
            withItemsBorders={false}
            aria-label="Policy of the prediction"
            data={[...POLICIES]}
            value={wish.policy}
            onChange={(policy) => change({ policy: policy as Policy })}
          />
          {number('Batch or slots', 'maxBatch', 1, 1024)}
          {number(closed ? 'Clients' : 'Rate, requests/s', 'amount', closed ? 1 : 0.1, 100_000)}
          {number('GPU times faster', 'speed', 0.1, 1000)}
          {number('Replicas', 'replicas', 1, 4096)}
          <NativeSelect
            size="xs"
            label="Router"
            data={[...ROUTERS]}
            value={wish.router}
            onChange={({ currentTarget }) => change({ router: currentTarget.value as RouterName })}
          />
          {number('SLO p95, ms', 'sloMs', 1, 3_600_000)}
        </div>
        <div className={kit.buttons}>
          <Button size="xs" loading={busy} onClick={predict}>
            Predict
          </Button>
          <Button size="xs" variant="default" disabled={busy} onClick={count}>
            How many replicas?
          </Button>
          <Button
            size="xs"
            variant="default"
            disabled={busy || isMeasuring || wish.replicas > 1 || wish.speed !== 1}
            title={
              wish.replicas > 1 || wish.speed !== 1
                ? 'One engine at its own speed can be measured.'
                : undefined
            }
            onClick={measure}
          >
            Measure it
          </Button>
        </div>
        <p className={classes.says} role="status">
          {says}
        </p>
      </div>
    </Panel>
  );
}

const loadWords = ({ amount }: Wish, closed: boolean) =>
  closed ? `${amount} clients` : `${formatFigure(amount)} requests/s`;

function sayPoint(wish: Wish, point: TwinPoint | null, closed: boolean): string {
  if (!point) return 'No request would be completed.';
  const { throughput_rps, p95Ms, p95Range, lostShare, saturation, extrapolated } = point;
  const fleet = wish.replicas > 1 ? ` on ${wish.replicas} replicas (${wish.router})` : '';
  const range = p95Range ? ` (${formatMs(p95Range[0])} to ${formatMs(p95Range[1])} over three seeds)` : '';
  const verdict = saturation === 'overloaded' ? ' It is overloaded: the queue grows without end.' : '';
  const lost = lostShare > 0 ? ` ${(lostShare * 100).toFixed(0)} % of the requests are lost.` : '';
  const far = extrapolated.length > 0 ? ` Extrapolated: ${extrapolated.join('; ')}.` : '';
  return `${wish.policy} under ${loadWords(wish, closed)}${fleet}: ${formatFigure(throughput_rps)} requests/s at p95 ${formatMs(p95Ms)} ms${range}.${verdict}${lost}${far}`;
}

function sayFleet(wish: Wish, { replicas, tried, point, fewer }: FleetAnswer, closed: boolean): string {
  const goal = `${loadWords(wish, closed)} with p95 under ${formatMs(wish.sloMs)} ms`;
  if (replicas === null) {
    const alone = point ? ` One engine with nothing else to do has p95 ${formatMs(point.p95Ms)} ms.` : '';
    return tried === 1
      ? `No number of replicas serves ${goal}.${alone}`
      : `Not even ${tried} replicas serve ${goal}.`;
  }
  const one = replicas === 1 ? '1 replica serves' : `${replicas} replicas serve`;
  const less = fewer
    ? ` With ${replicas - 1}, p95 is ${formatMs(fewer.p95Ms)} ms at ${formatFigure(fewer.throughput_rps)} requests/s.`
    : '';
  const far =
    point && point.extrapolated.length > 0 ? ` Extrapolated: ${point.extrapolated.join('; ')}.` : '';
  return `${one} ${goal} (${wish.router}): p95 ${formatMs(point?.p95Ms ?? null)} ms.${less}${far}`;
}

function pointOverlay(wish: Wish, point: TwinPoint, closed: boolean) {
  const title = `What if: ${wish.policy}, ${loadWords(wish, closed)}${wish.replicas > 1 ? `, ${wish.replicas} replicas` : ''}`;
  return {
    id: 'what-if',
    name: title,
    curves: [
      {
        key: 'what-if',
        kind: 'kept' as const,
        policy: wish.policy,
        label: 'what if',
        points: [
          {
            key: 'what-if',
            x: point.throughput_rps,
            y: point.p95Ms,
            range: point.p95Range,
            label: 'what if',
            title,
            figures: point,
            lostShare: point.lostShare,
            keepsUp: point.saturation !== 'overloaded',
            setting: null,
            note: 'Predicted by the twin.',
          },
        ],
      },
    ],
  };
}
