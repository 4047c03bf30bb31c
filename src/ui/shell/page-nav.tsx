import { useApp } from '../app-context';
import classes from './shell.module.css';
import { hashOf, PAGES, type PageName } from './use-place';

const TITLE: Readonly<Record<PageName, string>> = {
  live: 'Live',
  experiments: 'Experiments',
  compare: 'Compare',
  lessons: 'Lessons',
};

interface PageNavProps {
  readonly page: PageName;
}

/** The page's tabs, as links: each has an address. */
export function PageNav({ page }: PageNavProps) {
  const measuring = useApp((state) => state.experiments.active?.status ?? null);
  return (
    <nav className={classes.pages} aria-label="Pages">
      {PAGES.map((name) => (
        <a
          key={name}
          href={hashOf({ page: name, item: null })}
          aria-current={name === page ? 'page' : undefined}
        >
          {TITLE[name]}
          {name === 'experiments' && measuring ? <Underway status={measuring} /> : null}
        </a>
      ))}
    </nav>
  );
}

function Underway({ status }: { readonly status: string }) {
  return (
    <svg width="8" height="8" role="img" aria-label={status}>
      <circle cx="4" cy="4" r="3.5" fill="var(--hw-accent)" />
    </svg>
  );
}
