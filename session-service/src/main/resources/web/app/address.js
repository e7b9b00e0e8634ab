/**
 * The room that an address names: `/#room=NAME`.
 *
 * @param {{hash: string}} address
 * @returns {string} Empty if it names none.
 */
export function roomOf({ hash }) {
  return (new URLSearchParams(hash.replace(/^#/, '')).get('room') ?? '').trim();
}

/**
 * @param {string} origin
 * @param {string} room
 */
export function linkTo(origin, room) {
  return `${origin}/#${new URLSearchParams({ room })}`;
}

/**
 * @param {string} text
 * @returns {string | null} What is wrong with a room's name, for people.
 */
export function roomTrouble(text) {
  if (text === '') {
    return 'Give the room a name, for example the name of your team.';
  }
  if (/[/?#\p{Cc}]/u.test(text)) {
    return 'A room\u2019s name cannot contain / ? or #.';
  }
  return null;
}
