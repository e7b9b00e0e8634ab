/** Where a new conference goes: which media server, and why. */
package dev.parley.session.placement;
