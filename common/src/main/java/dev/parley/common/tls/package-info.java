/** Certificates and keys from files, for the links between the two services. */
package dev.parley.common.tls;
