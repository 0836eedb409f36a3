/** The parts every page is put together from. */
import { useEffect, type ReactNode } from 'react';
import { Link, useLocation } from 'wouter';

/** The name of the page in the tab of the browser. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Longshore`;
  }, [title]);
}

export function Crumbs({ way }: { way: [name: ReactNode, href: string][] }) {
  return (
    <nav className="crumbs" aria-label="Where this is">
      {way.map(([name, href]) => (
        <span key={href}>
          <Link href={href}>{name}</Link>
        </span>
      ))}
    </nav>
  );
}

export function Card({
  title,
  aside,
  flush = false,
  children,
}: {
  title: string;
  aside?: ReactNode;
  /** For tables, which reach to the edges. */
  flush?: boolean;
  children: ReactNode;
}) {
  return (
    <section className="card" aria-label={title}>
      <header>
        <h2>{title}</h2>
        {aside}
      </header>
      <div className={flush ? 'flush' : 'body'}>{children}</div>
    </section>
  );
}

export function Tabs({ tabs }: { tabs: [name: ReactNode, href: string][] }) {
  const [at] = useLocation();
  return (
    <nav className="tabs" aria-label="Parts of this page">
      {tabs.map(([name, href]) => (
        <Link key={href} href={href} aria-current={at === href ? 'page' : undefined}>
          {name}
        </Link>
      ))}
    </nav>
  );
}

/** Facts by name; what is undefined is left out. */
export function Facts({ facts }: { facts: [name: string, value: ReactNode][] }) {
  return (
    <dl className="facts">
      {facts.map(([name, value]) =>
        value === undefined ? undefined : (
          <div key={name} style={{ display: 'contents' }}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ),
      )}
    </dl>
  );
}

export function Figures({ figures }: { figures: [name: string, value: ReactNode, more?: ReactNode][] }) {
  return (
    <dl className="figures">
      {figures.map(([name, value, more]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            {value}
            {more !== undefined && <small>{more}</small>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
