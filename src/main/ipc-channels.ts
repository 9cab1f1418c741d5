/** The two lines between a page of ours and the main process. The preload knows no other. */
export const REQUEST_CHANNEL = 'switchboard:request'
export const FEED_CHANNEL = 'switchboard:feed'
/** The preload's word that a batch of the feed was taken by the page. */
export const FEED_TAKEN_CHANNEL = 'switchboard:feed-taken'
