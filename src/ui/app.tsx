import { Activity, lazy, Suspense, useId } from 'react';
import { LivePage } from './live-page';
import { useSettingsSheet } from './rail/use-settings-sheet';
import classes from './shell/shell.module.css';
import { TopBar } from './shell/top-bar';
import { usePlace } from './shell/use-place';

const ExperimentsPage = lazy(async () => ({
  default: (await import('./experiments/experiments-page')).ExperimentsPage,
}));
const ComparePage = lazy(async () => ({ default: (await import('./compare/compare-page')).ComparePage }));

/** The bar, and below it one of the pages. The live one stays as it is while another is looked at, without being drawn. */
export function App() {
  const { page, item } = usePlace();
  const railId = useId();
  const liveId = useId();
  const otherId = useId();
  const sheet = useSettingsSheet();
  return (
    <>
      <a className={classes.skip} href={`#${page === 'live' ? liveId : otherId}`}>
        Skip to the figures
      </a>
      <TopBar page={page} railId={railId} sheet={sheet} />
      <Activity mode={page === 'live' ? 'visible' : 'hidden'}>
        <LivePage id={liveId} railId={railId} sheet={sheet} />
      </Activity>
      <Suspense fallback={null}>
        {page === 'experiments' ? <ExperimentsPage id={otherId} runId={item} /> : null}
        {page === 'compare' ? <ComparePage key={item} id={otherId} runId={item} /> : null}
      </Suspense>
    </>
  );
}
