/** What breaks in a deployment, one thing after the other, and how soon all is well again. */
package dev.parley.systemtests.show.faults;
