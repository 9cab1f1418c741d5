import type { Template } from '../../../../shared/contract.ts'

/** Templates whose name or text has these letters, names first. */
export function fitting(templates: readonly Template[], letters: string): readonly Template[] {
  const wanted = letters.trim().toLowerCase()
  const named = templates.filter(({ name }) => name.toLowerCase().includes(wanted))
  const others = templates.filter((one) => !named.includes(one) && one.body.toLowerCase().includes(wanted))
  return [...named, ...others].slice(0, 8)
}

interface TemplatesProps {
  templates: readonly Template[]
  all: number
  chosen: number
  onChoose: (body: string) => void
}

/** What `/` offers, above the box. */
export function Templates({ templates, all, chosen, onChoose }: TemplatesProps) {
  if (templates.length === 0)
    return (
      <div className="templates">
        <p>{all === 0 ? 'No templates yet. Settings is where they are written.' : 'No template fits.'}</p>
      </div>
    )
  return (
    <div className="templates scroll" id="templates" role="listbox" aria-label="Templates">
      {templates.map((template, at) => (
        <div
          key={template._id}
          id={`template-${template._id}`}
          role="option"
          aria-selected={at === chosen}
          onClick={() => onChoose(template.body)}
        >
          <strong className="cut">{template.name}</strong>
          <span className="cut ink2" dir="auto">
            {template.body}
          </span>
        </div>
      ))}
    </div>
  )
}
