/** One message resource as Twilio's REST API returns it (reference twilio.md §5). */
export function resource(n: number, fields: Record<string, unknown> = {}): Record<string, unknown> {
  const sid = `SM${n.toString(16).padStart(32, '0')}`
  return {
    account_sid: 'AC00000000000000000000000000000001',
    api_version: '2010-04-01',
    body: `Message ${n}, "quoted" {braces} [brackets]\nsecond line \\`,
    date_created: 'Wed, 15 Jan 2025 10:00:00 +0000',
    date_sent: 'Wed, 15 Jan 2025 10:00:01 +0000',
    date_updated: 'Wed, 15 Jan 2025 10:00:02 +0000',
    direction: 'inbound',
    error_code: null,
    error_message: null,
    from: '+1234567890',
    messaging_service_sid: null,
    num_media: '0',
    num_segments: '1',
    price: null,
    price_unit: 'USD',
    sid,
    status: 'received',
    subresource_uris: { media: `/2010-04-01/Accounts/AC1/Messages/${sid}/Media.json` },
    to: '+15703251809',
    uri: `/2010-04-01/Accounts/AC1/Messages/${sid}.json`,
    ...fields,
  }
}

/** The resources in every way a file of them is found: name of the layout → text. */
export function layouts(resources: unknown[]): Record<string, string> {
  const half = Math.ceil(resources.length / 2)
  const page = (messages: unknown[]) => ({
    end: 1,
    first_page_uri: '/2010-04-01/…',
    messages,
    page: 0,
    uri: '/…',
  })
  return {
    'one a line': resources.map((r) => JSON.stringify(r)).join('\n'),
    'one a line, CRLF, empty lines, byte order mark': `\uFEFF${resources.map((r) => `${JSON.stringify(r)}\r\n`).join('\r\n')}`,
    'one page': JSON.stringify(page(resources)),
    'one page, indented': JSON.stringify(page(resources), null, 2),
    'messages alone': JSON.stringify({ messages: resources }),
    'a page a line': [page(resources.slice(0, half)), page(resources.slice(half))]
      .map((p) => JSON.stringify(p))
      .join('\n'),
    'pages, indented': [page(resources.slice(0, half)), page(resources.slice(half))]
      .map((p) => JSON.stringify(p, null, 4))
      .join('\n'),
    array: JSON.stringify(resources),
    'array, indented': JSON.stringify(resources, null, '\t'),
    'objects, indented': resources.map((r) => JSON.stringify(r, null, 2)).join('\n'),
  }
}
