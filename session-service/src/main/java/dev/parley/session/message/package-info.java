/** Messages within conferences: numbered, kept, sent once however often a client asks. */
package dev.parley.session.message;
