const RECEIVED = [24, 104, 196, 490, 596] as const
const SENT = [64, 150, 224, 530, 640] as const

/** The one picture: a dot is a message, what is close together is a session, a tick is where the gap ran out. */
export function Picture() {
  return (
    <svg
      className="picture"
      viewBox="5 0 686 96"
      role="img"
      aria-label="Messages as dots. Those close together are one session; a silence longer than five minutes begins another."
    >
      <rect className="picture__session" x="6" y="20" width="236" height="28" rx="14" />
      <path className="picture__silence" d="M242 34H470" />
      <path className="picture__tick" d="M432 26v16" />
      <rect className="picture__session" x="470" y="20" width="220" height="28" rx="14" />
      {RECEIVED.map((x) => (
        <circle key={x} className="picture__received" cx={x} cy="34" r="4.5" />
      ))}
      {SENT.map((x) => (
        <circle key={x} className="picture__sent" cx={x} cy="34" r="4" />
      ))}
      <text x="432" y="14" textAnchor="middle">
        gap, 5 min
      </text>
      <text className="picture__name" x="6" y="72">
        One session
      </text>
      <text className="picture__about" x="6" y="89">
        what belongs together stays together
      </text>
      <text className="picture__about" x="262" y="72">
        silence
      </text>
      <text className="picture__name" x="470" y="72">
        A new session
      </text>
      <text className="picture__about" x="470" y="89">
        and the console says why
      </text>
    </svg>
  )
}
