/** What the screens say of a limit before the console refuses it. Without a schema: screens carry no zod. */

/** So many tags a contact can have. */
export const MOST_TAGS = 50
