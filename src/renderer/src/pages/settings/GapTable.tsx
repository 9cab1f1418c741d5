import { useState } from 'react'
import type { SettingsView } from '../../../../shared/contract.ts'
import type { Medium } from '../../../../shared/documents.ts'
import { MediumIcon } from '../../parts/MediumIcon.tsx'
import { PhoneNumber } from '../../parts/PhoneNumber.tsx'
import { formatNumber } from '../../parts/phoneNumber.ts'
import { useConsole } from '../../state/app.ts'
import { useCell } from '../../state/cell.ts'
import { MEDIUM_NAMES } from '../../words.ts'
import { OFFERED, followed, gapKey, gapWords } from './gaps.ts'
import { useKeep } from './useSettings.ts'
import './gaps.css'

const MEDIA: readonly Medium[] = ['whatsapp', 'sms', 'voice']

/** One row a channel, one column a medium; a cell that is not set follows. */
export function GapTable({ settings }: { settings: SettingsView }) {
  const kept = useCell(useConsole().channels)
  const channels = kept.length > 0 ? kept : settings.channels
  const [error, setError] = useState<string | null>(null)
  return (
    <>
      <div className="gaps" role="region" aria-label="Gaps by channel and medium" tabIndex={0}>
        <table className="table">
          <thead>
            <tr>
              <th scope="col">Channel</th>
              <th scope="col">All media</th>
              {MEDIA.map((medium) => (
                <th scope="col" key={medium}>
                  <span className="gaps__medium">
                    <span aria-hidden="true">
                      <MediumIcon medium={medium} />
                    </span>
                    {MEDIUM_NAMES[medium]}
                  </span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            <tr>
              <th scope="row">Every channel</th>
              <td className="ink3 n">{gapWords(followed(settings, null, null))}</td>
              {MEDIA.map((medium) => (
                <td key={medium}>
                  <Cell
                    settings={settings}
                    channel={null}
                    medium={medium}
                    name="every channel"
                    onError={setError}
                  />
                </td>
              ))}
            </tr>
            {channels.map(({ _id, number, name }) => (
              <tr key={_id}>
                <th scope="row">
                  <bdi className="gaps__name">
                    {name === '' || name === number ? formatNumber(number) : name}
                  </bdi>
                  {name !== '' && name !== number && (
                    <span className="meta">
                      <PhoneNumber number={number} />
                    </span>
                  )}
                </th>
                {([null, ...MEDIA] as const).map((medium) => (
                  <td key={medium ?? 'all'}>
                    <Cell
                      settings={settings}
                      channel={number}
                      medium={medium}
                      name={name || formatNumber(number)}
                      onError={setError}
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {error !== null && (
        <p className="dangerc" role="alert">
          {error}
        </p>
      )}
    </>
  )
}

interface CellProps {
  settings: SettingsView
  channel: string | null
  medium: Medium | null
  name: string
  onError: (error: string | null) => void
}

function Cell({ settings, channel, medium, name, onError }: CellProps) {
  const keep = useKeep()
  const key = gapKey(channel, medium)
  const own = settings.gaps[key]
  const follows = followed(settings, channel, medium)
  const offered: readonly string[] = OFFERED
  const choices = own === undefined || offered.includes(own) ? offered : [own, ...offered]
  return (
    <select
      className={`field n ${own === undefined ? 'gaps__follows' : ''}`}
      aria-label={`Gap of ${name}, ${medium === null ? 'all media' : MEDIUM_NAMES[medium]}`}
      value={own ?? ''}
      onChange={(event) => {
        const value = event.target.value
        void keep('settings.set', { key, value: value === '' ? null : value }).then(onError)
      }}
    >
      <option value="">{own === undefined ? gapWords(follows) : `follow: ${gapWords(follows)}`}</option>
      {choices.map((gap) => (
        <option key={gap} value={gap}>
          {gapWords(gap)}
        </option>
      ))}
    </select>
  )
}
