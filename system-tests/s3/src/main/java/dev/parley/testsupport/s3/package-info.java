/** A store that speaks S3, as a process of its own. */
package dev.parley.testsupport.s3;
