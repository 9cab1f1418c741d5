import { judge } from './figures.ts'
import type { Goal, Line, Unit } from './row.ts'

const HEAD = ['what', 'ours', 'against', 'ratio', 'goal', 'met']

/** The lines as a person reads them: what · ours · against · ratio · goal · met. */
export function tableOf(lines: readonly Line[]): string {
  const cells = [HEAD, ...lines.map(cellsOf)]
  const widths = HEAD.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)))
  return cells
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function cellsOf(line: Line): string[] {
  const { ours, against, ratio, compared, met } = judge(line)
  const { goal, unit } = line
  return [
    line.what,
    amount(ours, unit),
    line.against.length > 0 ? `${amount(against, unit)} ${line.peer}` : line.peer,
    line.against.length > 0 ? comparison(goal?.of === 'ours' ? ratio : compared, goal, unit) : '',
    goal ? goalText(goal, unit) : '',
    met === undefined ? '' : met ? 'yes' : 'NO',
  ]
}

function amount(value: number, unit: Unit): string {
  return unit === '/s' ? `${number(value)}${unit}` : `${number(value)} ${unit}`
}

/** Three digits that say something. */
function number(value: number): string {
  if (!Number.isFinite(value)) return '–'
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en-US')
  return value.toPrecision(Math.abs(value) < 0.1 ? 2 : 3)
}

function comparison(value: number, goal: Goal | undefined, unit: Unit): string {
  if (goal?.of === 'difference') return `${value < 0 ? '−' : '+'}${amount(Math.abs(value), unit)}`
  return goal?.of === 'times less' ? `${number(value)} × less` : number(value)
}

function goalText({ of, atLeast, atMost }: Goal, unit: Unit): string {
  const sign = atLeast === undefined ? '≤' : '≥'
  const value = (atLeast ?? atMost ?? NaN).toLocaleString('en-US')
  if (of === 'ratio') return `${sign} ${value}`
  if (of === 'times less') return `${sign} ${value} × less`
  return `${sign} ${of === 'difference' ? '+' : ''}${value} ${unit}`
}
