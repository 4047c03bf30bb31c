import { lazy } from 'react';
import { FinishedTable } from '../charts/finished-table';
import {
  CdfPanel,
  FillPanel,
  LATENCY_LINES,
  OverTimePanel,
  QUEUE_LINES,
  THROUGHPUT_LINES,
} from '../charts/live-panels';
import { OperatingPanel } from '../charts/operating-panel';
import { Part } from '../kit/panel';
import { LessonNotice } from '../lessons/lesson-notice';
import { TimelinePanel } from '../timeline/timeline-panel';
import { Decisions } from './decisions';
import { Headline } from './headline';
import classes from './live.module.css';
import { MeasuringBanner } from './model-overlay';
import type { SettingsSheet } from './rail';
import { ControlRail } from './rail';
import { RequestsPanel } from './requests';
import { ShowMePanel } from './show-me';

const WhatIfPanel = lazy(async () => ({ default: (await import('../twin/twin-panel')).WhatIfPanel }));
const LessonPanel = lazy(async () => ({ default: (await import('../lessons/lesson-panel')).LessonPanel }));

interface LivePageProps {
  readonly id: string;
  readonly railId: string;
  readonly sheet: SettingsSheet;
  /** The name of the lesson that drives it; null for none. */
  readonly lesson: string | null;
}

/** Settings at the left, the picture at the right; a lesson stands before both, and what it points at comes before what the model says. */
export function LivePage({ id, railId, sheet, lesson }: LivePageProps) {
  return (
    <div className={classes.layout} data-lesson={lesson !== null || undefined}>
      {lesson === null ? null : (
        <Part what="The lesson" waiting={<section aria-label="Lesson" />}>
          <LessonPanel name={lesson} />
        </Part>
      )}
      <ControlRail id={railId} sheet={sheet} />
      <main id={id} className={classes.picture} tabIndex={-1} data-sheet={sheet.open || undefined}>
        <MeasuringBanner />
        {lesson === null ? <LessonNotice /> : null}
        <ShowMePanel />
        <Headline />
        <div ref={sheet.pictureRef} className={classes.upper}>
          <OperatingPanel />
          {lesson === null ? <RequestsPanel /> : null}
        </div>
        <TimelinePanel />
        {lesson === null ? (
          <Part what="What if">
            <WhatIfPanel />
          </Part>
        ) : null}
        <div className={classes.lower}>
          <OverTimePanel
            title="E2E latency"
            unit="ms"
            label="p50, p95 and p99 latency in milliseconds over the last 90 seconds"
            lines={LATENCY_LINES}
            reach={10}
            withSlo
          />
          <OverTimePanel
            title="Throughput"
            unit="req/s"
            label="Completed and lost requests per second over the last 90 seconds"
            lines={THROUGHPUT_LINES}
            reach={5}
          />
          <OverTimePanel
            title="Queue"
            unit="requests"
            label="Queued requests and requests in flight over the last 90 seconds"
            lines={QUEUE_LINES}
            reach={4}
          />
          <CdfPanel />
          <FillPanel />
        </div>
        {lesson === null ? null : <RequestsPanel />}
        <FinishedTable />
        <Decisions />
      </main>
    </div>
  );
}
