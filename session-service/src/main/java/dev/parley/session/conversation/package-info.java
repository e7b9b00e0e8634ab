/** How calls are sorted that are over: channels and who is in them, categories, conversations. */
package dev.parley.session.conversation;
