/** Keeps a fault of one page from taking the whole dashboard with it. */
import { Component, type ReactNode } from 'react';
import { Fault } from '../design/says.js';

export class Mishap extends Component<{ children: ReactNode }, { thrown?: unknown }> {
  override state: { thrown?: unknown } = {};

  static getDerivedStateFromError(thrown: unknown): { thrown: unknown } {
    return { thrown };
  }

  override render(): ReactNode {
    if (this.state.thrown === undefined) return this.props.children;
    return (
      <div className="stack">
        <h1>This page is broken</h1>
        <p className="soft">That is a fault of the dashboard; nothing happened to your jobs.</p>
        <Fault error={this.state.thrown} />
      </div>
    );
  }
}
