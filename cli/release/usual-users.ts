/** Requests a second that are sent on dev as those of its users, where nobody says otherwise. */
export const usualUsers = 100;
