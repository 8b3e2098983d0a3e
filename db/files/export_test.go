package files

// OpenImpatient is OpenS3 for a test that does not wait as long for a silent server.
var OpenImpatient = openS3
