const VARIABLE = /\{\{\s*(\w+)\s*\}\}/g

/** What a template of Twilio's Content API comes to: its variables, in double braces, with these values. */
export function filled(body: string, variables: Readonly<Record<string, string>>): string {
  return body.replace(VARIABLE, (whole, name: string) => variables[name] || whole)
}

/** A template's words and its variables, in order. */
export function partsOf(body: string): (string | { name: string })[] {
  // What a group of the pattern holds stands at every second place.
  return body.split(VARIABLE).map((part, at) => (at % 2 === 0 ? part : { name: part }))
}
