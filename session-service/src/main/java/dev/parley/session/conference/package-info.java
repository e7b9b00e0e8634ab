/**
 * Conferences and the people in them: life cycle, admission, moderation, and the ports they need.
 */
package dev.parley.session.conference;
