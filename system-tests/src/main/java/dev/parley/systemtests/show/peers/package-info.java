/** Parley beside another server, both under the same clients in the same network. */
@NullMarked
package dev.parley.systemtests.show.peers;

import org.jspecify.annotations.NullMarked;
