/** What a template of Twilio's Content API comes to: its variables, in double braces, with these values. */
export function filled(body: string, variables: Readonly<Record<string, string>>): string {
  return body.replace(/\{\{\s*(\w+)\s*\}\}/g, (whole, name: string) => variables[name] || whole)
}
