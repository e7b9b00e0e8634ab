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
 * An invitation that an address holds, `/#invitation=TOKEN`: a join token, which says of itself what it is for. The
 * service checks it; we only read it.
 *
 * @param {{hash: string}} address
 * @returns {{token: string, conferenceId: string, name: string} | null}
 */
export function invitationOf({ hash }) {
  const token = new URLSearchParams(hash.replace(/^#/, '')).get('invitation') ?? '';
  try {
    const payload = token.split('.')[1].replace(/-/g, '+').replace(/_/g, '/');
    const bytes = Uint8Array.from(atob(payload), (character) => character.charCodeAt(0));
    const claims = JSON.parse(new TextDecoder().decode(bytes));
    return typeof claims.conf === 'string' ? { token, conferenceId: claims.conf, name: String(claims.name ?? '') } : null;
  } catch {
    return null;
  }
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
