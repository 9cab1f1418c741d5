import { Fragment } from 'react'
import { IconButton } from '../parts/Button.tsx'
import { Dialog } from '../parts/Dialog.tsx'

const GROUPS: readonly {
  title: string
  keys: readonly (readonly [keys: readonly string[], does: string])[]
}[] = [
  {
    title: 'Everywhere',
    keys: [
      [['Ctrl K'], 'find, or run a command'],
      [['?'], 'this list'],
      [['Ctrl Z'], 'undo what you just did'],
      [['Esc'], 'close, or step back'],
      [['Alt ←', 'Alt →'], 'back, forward'],
    ],
  },
  {
    title: 'Sessions and contacts',
    keys: [
      [['J', '↓'], 'next in the list'],
      [['K', '↑'], 'the one before'],
      [['Enter'], 'open it'],
      [['Home', 'End'], 'first, last'],
    ],
  },
  {
    title: 'Opened session',
    keys: [
      [['R'], 'write'],
      [['E'], 'close or reopen the session'],
      [['U'], 'mark unread'],
      [['[', ']'], 'earlier, later session of this contact'],
      [['Ctrl Tab', 'Ctrl PageDown'], 'next tab'],
      [['W'], 'close the tab'],
    ],
  },
  {
    title: 'Writing',
    keys: [
      [['Enter'], 'send'],
      [['Shift Enter'], 'new line'],
      [['/'], 'at the beginning: a template'],
    ],
  },
]

/** All keys, on `?`. */
export function Shortcuts({ onClose }: { onClose: () => void }) {
  return (
    <Dialog label="Keyboard" onClose={onClose} className="shortcuts">
      <div className="dialog__head">
        <h2 className="grow">Keyboard</h2>
        <IconButton icon="x" label="Close" onClick={onClose} />
      </div>
      <div className="dialog__body shortcuts__groups">
        {GROUPS.map(({ title, keys }) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl>
              {keys.map(([names, does]) => (
                <div key={does}>
                  <dt>
                    {names.map((name, at) => (
                      <Fragment key={name}>
                        {at > 0 && ' '}
                        <kbd>{name}</kbd>
                      </Fragment>
                    ))}
                  </dt>
                  <dd>{does}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  )
}
