package dev.parley.session;

import dev.parley.session.library.Library;
import dev.parley.session.message.Messages;

/** What remains of calls: what was written in them, and objects. */
record LibraryParts(Messages messages, Library objects) {}
