/** Of Twilio's codes those that decide what is done; carrier/codes.ts has all of them in words. */

/** For credentials it does not know, or that may not do this. */
export const WRONG_CREDENTIALS = 20_003
