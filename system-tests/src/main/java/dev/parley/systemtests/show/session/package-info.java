/** Shows what the session tier does, and how fast, by the target table of its design. */
@NullMarked
package dev.parley.systemtests.show.session;

import org.jspecify.annotations.NullMarked;
