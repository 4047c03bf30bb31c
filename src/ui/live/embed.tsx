import type { Embed } from '../../store/url-codec';
import { OperatingPanel } from '../charts/operating-panel';
import kit from '../kit/kit.module.css';
import { NoticeList } from '../kit/notice-list';
import { TimelinePanel } from '../timeline/timeline-panel';
import { Headline } from './headline';
import classes from './live.module.css';
import { LoadControls } from './load-controls';
import { ShowMeButton, ShowMePanel } from './show-me';

/** One part of the page alone, for a frame in a lecture or a blog; its foot leads to the whole page with the same settings. */
export function EmbeddedPart({ part }: { readonly part: Embed }) {
  const whole = new URLSearchParams(location.search);
  whole.delete('embed');
  return (
    <>
      <NoticeList />
      <main className={classes.picture}>
        <h1 className={kit.hidden}>{TITLE[part]}</h1>
        {part === 'demo' ? (
          <>
            <ShowMePanel />
            <Headline />
          </>
        ) : null}
        {part === 'race' ? null : <OperatingPanel />}
        {part === 'chart' ? null : <TimelinePanel />}
        <div className={kit.buttons}>
          {part === 'demo' ? <ShowMeButton className="" /> : null}
          <LoadControls />
          <a className={classes.whole} href={`./?${whole}`} target="_blank" rel="noreferrer">
            Open in Headway
          </a>
        </div>
      </main>
    </>
  );
}

const TITLE: Readonly<Record<Embed, string>> = {
  demo: 'Headway: three batching policies in 30 seconds',
  chart: 'Headway: throughput against tail latency',
  race: 'Headway: what each slot does',
};
