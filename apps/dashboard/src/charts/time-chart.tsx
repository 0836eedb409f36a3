/** Values over time, on a canvas. What it shows is also said in words for those who cannot see it. */
import { useEffect, useRef, useState } from 'react';
import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useTheme } from '../shell/theme.js';

export interface Line {
  name: string;
  values: number[];
  /** Name of a custom property. */
  colour: string;
  as: 'area' | 'bars';
  /** On a scale of its own at the foot of the chart, without an axis. */
  aside?: boolean;
  format: (value: number) => string;
}

interface TimeChartProps {
  /** Seconds since 1970. */
  times: number[];
  lines: Line[];
  /** What it shows, in a sentence. */
  label: string;
  height?: number;
}

export function TimeChart({ times, lines, label, height = 190 }: TimeChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const [reading, setReading] = useState('');
  const theme = useTheme();

  useEffect(() => {
    const element = box.current;
    if (!element || times.length === 0) return undefined;
    const read = (plot: UPlot) => {
      const at = plot.cursor.idx ?? -1;
      const time = times[at];
      if (time === undefined) return setReading('');
      const values = lines.map(({ name, values, format }) => `${name} ${format(values[at] ?? 0)}`);
      setReading(`${clock.format(time * 1000)} · ${values.join(' · ')}`);
    };
    const plot = new UPlot(
      optionsOf(lines, element, { width: element.clientWidth, height, read, times }),
      [times, ...lines.map(({ values }) => values)],
      element,
    );
    const observer = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      plot.destroy();
    };
    // Colours are read from the page when the chart is made.
  }, [times, lines, height, theme]);

  return (
    <div className="chart">
      <div className="reading" aria-hidden>
        {reading}
      </div>
      <div ref={box} role="img" aria-label={label} />
    </div>
  );
}

const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });

interface Frame {
  width: number;
  height: number;
  times: number[];
  read: (plot: UPlot) => void;
}

function optionsOf(lines: Line[], element: Element, { width, height, read, times }: Frame): UPlot.Options {
  const step = stepOf(times);
  const style = getComputedStyle(element);
  const colour = (name: string) => resolved(element, name);
  const axis = { stroke: colour('--text-faint'), font: `11px ${style.fontFamily}`, ticks: { show: false } };
  const line = { stroke: colour('--line'), width: 1 };
  const [first] = lines;
  return {
    width,
    height,
    padding: [10, 8, 0, 0],
    legend: { show: false },
    cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
    hooks: { setCursor: [read] },
    scales: {
      x: isInBars(lines) ? { range: (_, from, to) => [from - step / 2, to + step / 2] } : {},
      y: { range: (_, __, max) => [0, max > 0 ? max * 1.08 : 1] },
      aside: { range: (_, __, max) => [0, Math.max(1, max) * 4] },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        space: 64,
        size: 28,
        ...(isInBars(lines) && { splits: () => someOf(times, Math.floor(width / 72)) }),
        values: (_, at) => at.map((time) => timeLabel(time, step)),
      },
      { ...axis, grid: line, size: 58, space: 36, values: (_, at) => at.map((value) => first?.format(value) ?? '') },
      { scale: 'aside', show: false },
    ],
    series: [
      {},
      ...lines.map(({ name, colour: property, as, aside }): UPlot.Series => {
        const stroke = colour(property);
        const bars = UPlot.paths.bars?.({ size: [0.7, 36], radius: 0.15 });
        const steps = UPlot.paths.stepped?.({ align: 1 });
        const paths = as === 'bars' ? bars : steps;
        return {
          label: name,
          scale: aside ? 'aside' : 'y',
          stroke,
          fill: as === 'bars' ? stroke : faded(stroke),
          width: as === 'bars' ? 0 : 1.5,
          points: { show: false },
          ...(paths && { paths }),
        };
      }),
    ],
  };
}

/** The value of a custom property as a colour a canvas understands. */
function resolved(element: Element, property: string): string {
  const probe = element.appendChild(document.createElement('span'));
  probe.style.color = `var(${property})`;
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

function faded(colour: string): string {
  return colour.replace(/^rgb\((.*)\)$/, 'rgba($1, 0.16)');
}

/** Bars stand around their time; everything else begins and ends with it. */
function isInBars(lines: Line[]): boolean {
  return lines[0]?.as === 'bars';
}

function someOf(times: number[], most: number): number[] {
  const each = Math.ceil(times.length / Math.max(1, most));
  return times.filter((_, at) => at % each === 0);
}

function stepOf(times: number[]): number {
  return times.length < 2 ? 1 : (times[1] ?? 0) - (times[0] ?? 0);
}

const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
const minutes = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const seconds = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });

function timeLabel(time: number, step: number): string {
  const at = new Date(time * 1000);
  if (step >= 86_400) return day.format(at);
  return step >= 30 ? minutes.format(at) : seconds.format(at);
}
