import { Loading } from '../../parts/Empty.tsx'

const WIDTHS = [46, 30, 58, 38, 52, 34] as const

/** The rows' own shape while they are read. It does not shimmer. */
export function Bones() {
  return (
    <Loading label="Reading the sessions">
      {WIDTHS.map((width) => (
        <BoneRow key={width} width={width} />
      ))}
    </Loading>
  )
}

export function BoneRow({ width = 46 }: { width?: number }) {
  return (
    <div className="row row--bones" aria-hidden="true">
      <span className="row__glyph">
        <i style={{ width: 16 }} />
      </span>
      <span className="row__lines">
        <i style={{ width: `${width}%` }} />
        <i style={{ width: `${width + 34}%` }} />
        <i style={{ width: `${width + 8}%` }} />
      </span>
    </div>
  )
}
