import { Activity, lazy, useId, useState } from 'react';
import type { Choice } from './compare/compare-page';
import { Part } from './kit/panel';
import { usePlace } from './kit/place';
import { useDropGuard } from './kit/use-drop-guard';
import { LivePage } from './live/live-page';
import { useSettingsSheet } from './live/rail';
import { TopBar } from './top-bar';
import classes from './top-bar.module.css';

const ExperimentsPage = lazy(async () => ({
  default: (await import('./experiments/experiments-page')).ExperimentsPage,
}));
const LessonsPage = lazy(async () => ({ default: (await import('./lessons/lessons-page')).LessonsPage }));
const NoticeList = lazy(async () => ({ default: (await import('./kit/notice-list')).NoticeList }));
const ComparePage = lazy(async () => ({ default: (await import('./compare/compare-page')).ComparePage }));

/**
 * The bar, and below it one of the pages. The live one stays as it is while another is looked at, without being drawn; an open
 * lesson stands beside it.
 */
export function App() {
  const { page, item } = usePlace();
  const railId = useId();
  const liveId = useId();
  const otherId = useId();
  const sheet = useSettingsSheet();
  const lesson = page === 'lessons' ? item : null;
  const isLive = page === 'live' || lesson !== null;
  // What was chosen to be compared, for the way back to it.
  const [chosen] = useState(() => new Map<string | null, readonly Choice[]>());
  useDropGuard();
  return (
    <>
      <a className={classes.skip} href={`#${isLive ? liveId : otherId}`}>
        Skip to the figures
      </a>
      <TopBar page={page} isLive={isLive} railId={railId} sheet={sheet} />
      <Part what="Notices">
        <NoticeList />
      </Part>
      <Activity mode={isLive ? 'visible' : 'hidden'}>
        <LivePage id={liveId} railId={railId} sheet={sheet} lesson={lesson} />
      </Activity>
      <Part key={page} what="This page">
        {page === 'experiments' ? <ExperimentsPage id={otherId} runId={item} /> : null}
        {page === 'compare' ? <ComparePage key={item} id={otherId} runId={item} chosen={chosen} /> : null}
        {page === 'lessons' && lesson === null ? <LessonsPage id={otherId} /> : null}
      </Part>
    </>
  );
}
