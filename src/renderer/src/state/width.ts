/** The widths at which sessions.css gives the panes their places, for what is no matter of looks. */

/** One thing at a time: list, session, or contact. */
export const isNarrow = () => matchMedia('(max-width: 640px)').matches

/** The contact has a column of its own. */
export const isWide = () => matchMedia('(min-width: 1181px)').matches
