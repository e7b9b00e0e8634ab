/** Shows that a long call loses nothing and that the servers' memory stays flat. */
@NullMarked
package dev.parley.systemtests.show.load;

import org.jspecify.annotations.NullMarked;
